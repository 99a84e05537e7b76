"""The detector of printed mathematical symbols: data, training, measuring and export."""
