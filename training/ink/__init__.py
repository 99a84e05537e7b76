"""Training of the recognizer of pen strokes: single symbols of many hands, put together to formulas."""
