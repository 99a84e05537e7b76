"""Single formulas, in the languages of programs that read them."""
