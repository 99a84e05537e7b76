"""How well pictures, scans and ink are read, by us and by rivals, as the scorer of a corpus tells."""
