"""LaTeX documents, and what is typeset of them."""
