"""One-time codes: easy to read aloud, stored only as a hash."""

from __future__ import annotations

import hashlib
import secrets

from bot.domain.codes import ALPHABET, LENGTH, essence


def new() -> str:
    """Make a code: 40 bits of chance in eight characters, of which letters and digits are part."""
    while (code := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))).isdecimal() or (
        code.isalpha()
    ):
        pass
    return code


def digest(code: str) -> str:
    """Hash a code as it was typed; case, spaces, dashes and its prefix do not matter."""
    return hashlib.sha256(essence(code).encode()).hexdigest()
