"""A line that names a picture file is that picture."""

from __future__ import annotations

import shlex
from pathlib import Path

from bot.dialogue.messages import Picture, Unsupported

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".heic"}


def named_in(line: str) -> Path | None:
    """Find the picture file that a line names: as it is, or quoted as a terminal drops it."""
    if Path(line.strip(" '\"")).suffix.lower() not in SUFFIXES:
        return None
    for name in (line.strip(), _unquoted(line)):
        try:
            path = Path(name).expanduser()
            if path.is_file():
                return path
        except (OSError, RuntimeError, ValueError):  # too long, no home, a zero byte: no file
            continue
    return None


def opened(path: Path) -> Picture | Unsupported:
    """Read and clean a picture; takes a second for a large one."""
    from bot.channels.pictures import LARGEST_BYTES, cleaned  # noqa: PLC0415 (Pillow loads slowly)

    try:
        if path.stat().st_size > LARGEST_BYTES:
            return Unsupported("large picture")
        return cleaned(path.read_bytes())
    except OSError:
        return Unsupported("picture")


def _unquoted(line: str) -> str:
    try:
        words = shlex.split(line)
    except ValueError:
        return ""
    return words[0] if len(words) == 1 else ""
