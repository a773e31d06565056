"""The bot on Matrix, and everything that can happen to it: kills, outages, gaps, takeovers."""
