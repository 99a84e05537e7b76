"""How documents come in: checked, stored, made rows."""
