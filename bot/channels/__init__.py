"""Chat networks: each translates between its own messages and those of the dialogue."""
