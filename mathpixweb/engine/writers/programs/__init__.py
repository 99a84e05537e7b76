"""Other programs that writers talk to, within bounds."""
