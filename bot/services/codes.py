"""One-time codes: easy to read aloud, stored only as a hash."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which look alike."""

LENGTH = 8


def new() -> str:
    """Make a code: 40 bits of chance in eight characters, at least one of them a letter."""
    while (code := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))).isdecimal():
        pass
    return code


def digest(code: str) -> str:
    """Hash a code as it was typed; case, spaces and hyphens do not matter."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
