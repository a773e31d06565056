"""Signs that people type for a yes or a no: a thumb, a tick, a cross."""

from __future__ import annotations

import re

_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
"""Shades of skin, and how a sign is drawn."""

_YES, _NO = frozenset("👍👌✅✔☑🆗💯🙌🤝"), frozenset("👎❌✖✗🚫🙅")


def said(text: str) -> str | None:
    """Give the word that a message of nothing but such signs stands for; None if it is none."""
    signs = set(_SHADES.sub("", "".join(text.split())))
    if not signs:
        return None
    if signs <= _YES:
        return "yes"
    return "no" if signs <= _NO else None
