"""Mathpix Markdown and lines.json: written, and taken apart."""
