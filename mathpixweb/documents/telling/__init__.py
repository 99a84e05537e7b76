"""Who hears what becomes of a document, and when."""
