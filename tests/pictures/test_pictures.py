"""The pictures show what the program says today; no browser is needed to tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pictures import digests
from tests.pictures.drawing import written
from tests.pictures.scenes import FOLDER, PICTURES, Picture

ROOT = Path(__file__).parents[2]
SHOW = (ROOT / "README.md", ROOT / "docs" / "pictures.md")
LARGEST_BYTES = 60_000
LEAST_WORDS = 30

each_picture = pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)


@each_picture
def test_it_shows_what_the_program_says(picture: Picture, tmp_path: Path) -> None:
    drawn = digests.of(picture, written(picture, tmp_path))

    assert drawn == digests.noted()[picture.name], "out of date; draw it anew: make pictures"


@each_picture
def test_it_is_small(picture: Picture) -> None:
    assert picture.path.stat().st_size < LARGEST_BYTES


@each_picture
def test_it_is_shown_with_words_for_those_who_cannot_see_it(picture: Picture) -> None:
    shown = {
        (path.parent / file).resolve(): words
        for path in SHOW
        for words, file in re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", path.read_text("utf-8"))
    }

    assert len(shown[picture.path].split()) > LEAST_WORDS


def test_nothing_else_lies_there() -> None:
    names = {path.name for path in FOLDER.iterdir()}

    assert names == {picture.path.name for picture in PICTURES} | {digests.FILE.name}
    assert digests.noted().keys() == {picture.name for picture in PICTURES}
