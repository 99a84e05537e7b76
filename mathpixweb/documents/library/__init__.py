"""What people do with documents that are there."""
