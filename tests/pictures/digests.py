"""What the pictures show, in a file beside them: so a test finds those that are out of date."""

from __future__ import annotations

import json
from hashlib import sha256

from tests.pictures.scenes import FOLDER, Picture

FILE = FOLDER / "drawn.json"


def of(picture: Picture, html: str) -> dict[str, str]:
    """Sign the page of a picture, which holds all words and all style, and the file drawn of it."""
    return {"page": _digest(html.encode()), "file": _digest(picture.path.read_bytes())}


def noted() -> dict[str, dict[str, str]]:
    """Read what was drawn."""
    drawn: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return drawn


def note(drawn: dict[str, dict[str, str]]) -> None:
    """Write down what was drawn."""
    FILE.write_text(json.dumps(drawn, indent=2) + "\n", encoding="utf-8")


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
