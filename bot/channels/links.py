"""Links that open a chat with the bot."""

from __future__ import annotations

from urllib.parse import quote


def on_matrix(user_id: str) -> str:
    """Link to a direct chat (https://spec.matrix.org/v1.16/appendices/#matrixto-navigation)."""
    return f"https://matrix.to/#/{quote(user_id, safe='@:')}"


def on_telegram(username: str, code: str) -> str:
    """Link to a chat that begins with a code (https://core.telegram.org/api/links#bot-links)."""
    return f"https://t.me/{username}?start={code}"
