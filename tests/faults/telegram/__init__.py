"""The bot on Telegram, and everything that can happen to it: kills, weather, outages, crowds."""
