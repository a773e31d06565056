"""Codes as people type them: one way of reading for all, whatever they lead to."""

from __future__ import annotations

import re

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What a one-time code is made of: without 0, 1, I and O, which look alike."""

LENGTH = 8
"""Characters of a one-time code."""

_DASHES = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212_~"
_AROUND = "\"'`´„“”‚‘’«»‹›()[]<>.,;:!?* \t\n"
_PREFIXED = re.compile(rf"([^\W\d_]+)\s*[{_DASHES}:\s]\s*(\S.*)", re.DOTALL)
_ONE_TIME = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def prefixed(text: str) -> tuple[str, str] | None:
    """Part a code into its prefix, in lower case, and what stands behind it; None: it has none.

    Any dash, a colon or a space may stand between them; quotes and stops around do not matter.
    """
    found = _PREFIXED.fullmatch(text.strip(_AROUND))
    return (found[1].lower(), found[2].strip(_AROUND)) if found else None


def one_time(text: str) -> str | None:
    """Read a one-time code, in any case and however it is grouped; None: it is none."""
    plain = _plain(text)
    return plain if _ONE_TIME.fullmatch(plain) else None


def alone(text: str) -> str | None:
    """Read a one-time code that stands without its prefix; a word is none, a code has a digit."""
    code = one_time(text)
    is_one_word = len(text.split()) <= 2  # noqa: PLR2004 (the halves of a code)
    has_both = code is not None and any(map(str.isdigit, code)) and any(map(str.isalpha, code))
    return code if is_one_word and has_both else None


def essence(text: str) -> str:
    """Reduce a code, with or without its prefix, to what its hash is made of."""
    parts = prefixed(text)
    return one_time(parts[1] if parts and one_time(parts[1]) else text) or _plain(text)


def slug(text: str) -> str:
    """Read the short name behind a prefix: "Auf–takt." is "auf-takt"."""
    joined = re.sub(rf"[{_DASHES}\s]+", "-", text.strip(_AROUND))
    return joined.strip("-").lower()


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())
