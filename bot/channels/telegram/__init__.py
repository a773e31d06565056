"""Telegram as a chat network: translates its updates and carries letters to it, decides nothing."""
