"""Stadtdialog: a city's chatbot for public dialogue."""
