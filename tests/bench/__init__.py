"""Measures what the program promises about its speed, each figure beside a reference."""
