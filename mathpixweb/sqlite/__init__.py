"""Django's backend for SQLite, which makes no empty database where the real one is gone."""
