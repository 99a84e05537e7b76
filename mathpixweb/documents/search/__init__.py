"""Search in what was ever read."""
