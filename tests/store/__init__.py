"""Queries, on both databases."""
