"""Matrix: the bot as a device that reads and writes encrypted messages."""
