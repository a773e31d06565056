"""Writing the page of a picture, and drawing it with Chromium."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import zlib
from pathlib import Path

from PIL import Image

from tests.conversations import transcripts
from tests.conversations.stages import Stage
from tests.conversations.transcripts import script
from tests.pictures.chats import Phones
from tests.pictures.colours import few
from tests.pictures.pages import page, size
from tests.pictures.scenes import Picture
from tests.town import Town

SHARPNESS = 1.25
"""Pixels of the picture for one of the page."""
COLOURS = 20

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIETLY = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
    # the same letter looks the same everywhere, which is a smaller file
    *("--disable-font-subpixel-positioning", "--font-render-hinting=none"),
    "--default-background-color=00000000",
    f"--force-device-scale-factor={SHARPNESS}",
)
PATIENCE_SECONDS = 60


class NoBrowser(Exception):
    """Install Chromium and the fonts, see CONTRIBUTING.md."""


def written(picture: Picture, directory: Path) -> str:
    """Play the transcript of a picture in a new town, and write the page."""
    text = transcripts.path(picture.language, picture.transcript).read_text(encoding="utf-8")
    town = Town.founded(f"sqlite:///{directory / picture.name}.sqlite")
    phones = Phones(town, picture.language, directory)
    Stage(town, phones).play(script(text))
    town.database.close()
    return page(picture, phones.screens)


def draw(picture: Picture, html: str) -> None:
    """Draw a page into the file of the picture."""
    browser = next((each for each in BROWSERS if shutil.which(each)), None)
    if browser is None:
        raise NoBrowser(NoBrowser.__doc__)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        source, shot = directory / "page.html", directory / "page.png"
        source.write_text(html, encoding="utf-8")
        width, height = size(picture)
        subprocess.run(
            [
                *(browser, *QUIETLY, f"--user-data-dir={directory / 'profile'}"),
                *(f"--window-size={width},{height}", f"--screenshot={shot}", source.as_uri()),
            ],
            check=True,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )
        with Image.open(shot) as image:
            few(image, COLOURS).save(
                picture.path, compress_level=zlib.Z_BEST_COMPRESSION, compress_type=zlib.Z_FILTERED
            )
