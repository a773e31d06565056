"""Conversations for staff; for everybody else their commands do not exist."""
