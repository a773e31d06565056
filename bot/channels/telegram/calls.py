"""A call of the Bot API as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes along with a call."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API; `file` is uploaded with it as `document`."""

    method: str
    parameters: dict[str, Any]
    file: Upload | None = None
