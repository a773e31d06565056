"""The bot on Telegram: the whole service, against the stand-in for Telegram's servers."""
