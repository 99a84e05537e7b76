"""How the recognizers' weights are made; nothing here is needed to run the application. See README.md."""
