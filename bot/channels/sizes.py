"""How large pictures may be, as they come."""

from __future__ import annotations

LARGEST_BYTES = 20 * 1024 * 1024
"""What Telegram gives to a bot (https://core.telegram.org/bots/api#getfile), and so elsewhere."""
