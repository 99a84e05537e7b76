"""What each option and parameter means, for whoever reads the OpenAPI description or its page."""
