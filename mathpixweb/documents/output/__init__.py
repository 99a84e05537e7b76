"""What is made of pages that were read."""
