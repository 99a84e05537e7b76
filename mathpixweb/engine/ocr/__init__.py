"""Recognizers for pictures and ink."""
