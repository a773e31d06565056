"""The event file: what it may say, and how it is refused."""
