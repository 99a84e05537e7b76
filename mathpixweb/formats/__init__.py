"""How dates are written where Django's own way does not go with the rest of the pages."""
