"""The tests: their names are sentences."""
