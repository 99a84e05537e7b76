"""Web pages, and what is made of web pages: books and printed PDF."""
