"""Documents that are read by another server, and the copy of the account there."""
