"""From addresses and buckets and back into them, without letting anybody reach into this server's network."""
