"""Draws the pictures anew: `python -m tests.pictures`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.pictures import digests
from tests.pictures.drawing import NoBrowser, draw, written
from tests.pictures.scenes import FOLDER, PICTURES


def main() -> None:
    """Draw all pictures, and note what they show."""
    FOLDER.mkdir(exist_ok=True)
    drawn = {}
    with tempfile.TemporaryDirectory() as directory:
        for picture in PICTURES:
            html = written(picture, Path(directory))
            try:
                draw(picture, html)
            except NoBrowser as error:
                sys.exit(str(error))
            drawn[picture.name] = digests.of(picture, html)
            sys.stdout.write(f"{picture.path.name}: {picture.path.stat().st_size:,} bytes\n")
    digests.note(drawn)


if __name__ == "__main__":
    main()
