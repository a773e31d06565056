"""Conversations as people see them, on both databases."""
