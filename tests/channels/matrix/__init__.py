"""The bot on Matrix, against a real homeserver."""
