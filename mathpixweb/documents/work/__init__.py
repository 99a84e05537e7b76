"""The work on documents: claimed, bounded, repeated when its worker dies, watched."""
