"""Signs that people type for a yes or a no: a thumb, a tick, a cross."""

from __future__ import annotations

import re

_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
"""Shades of skin, and how a sign is drawn."""

_MEANT = frozenset("👍👌✅✔☑🆗💯🙌🤝👎❌✖✗🚫🙅")


def is_sign(text: str) -> bool:
    """Tell whether a message is nothing but signs that may mean a yes or a no."""
    signs = set(_SHADES.sub("", "".join(text.split())))
    return bool(signs) and signs <= _MEANT
