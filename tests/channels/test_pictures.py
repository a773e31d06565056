"""A picture is stored without anything that its sender does not see in it."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from random import Random

import pytest
from PIL import Image, PngImagePlugin

from bot.channels import pictures
from bot.channels.pictures import LONGEST_SIDE, MOST_KEPT_BYTES, cleaned
from bot.dialogue.messages import Picture, Unsupported

CANARY = b"canary-51.5466-7.3123"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>"
ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825


def picture(size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Draw a picture: red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


def told_everything(kind: str) -> bytes:
    """Write a picture with a position, a comment, XMP and a description in it."""
    image, file = picture(), BytesIO()
    exif = Image.Exif()
    exif[DESCRIPTION] = CANARY.decode()
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 32.0, 47.0), 29: CANARY.decode()})
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Comment", CANARY.decode())
    extra = {"comment": CANARY} if kind == "JPEG" else {"pnginfo": notes} if kind == "PNG" else {}
    image.save(file, kind, exif=exif, xmp=XMP, icc_profile=CANARY, **extra)
    return file.getvalue()


def opened(result: Picture | Unsupported) -> Image.Image:
    """Open what came out."""
    assert isinstance(result, Picture)
    image = Image.open(BytesIO(result.content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_position_comment_and_everything_else_that_is_not_seen_is_gone(kind: str) -> None:
    content = told_everything(kind)
    assert CANARY in content

    result = cleaned(content)

    assert isinstance(result, Picture)
    assert CANARY not in result.content
    image = opened(result)
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "comment", "icc_profile", "Comment"} & set(image.info)


def test_what_somebody_hid_behind_the_picture_is_gone() -> None:
    file = BytesIO()
    picture().save(file, "JPEG")

    result = cleaned(file.getvalue() + CANARY)

    assert isinstance(result, Picture)
    assert CANARY not in result.content


def test_a_picture_is_turned_as_it_was_meant_to_be_seen() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held upright
    file = BytesIO()
    picture().save(file, "JPEG", exif=exif)

    image = opened(cleaned(file.getvalue()))

    assert image.size == (20, 40)
    red, _green, blue = image.convert("RGB").getpixel((10, 2))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_large_picture_becomes_smaller_and_keeps_its_shape() -> None:
    file = BytesIO()
    picture((5000, 2500)).save(file, "JPEG")

    image = opened(cleaned(file.getvalue()))

    assert image.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_picture_with_very_much_in_it_is_kept_as_a_smaller_file() -> None:
    noise = Image.effect_noise((1600, 1600), 120)
    for mode in ("RGB", "RGBA"):
        file = BytesIO()
        Image.merge(mode, [noise.rotate(90 * turn) for turn in range(len(mode))]).save(file, "PNG")

        result = cleaned(file.getvalue())

        assert isinstance(result, Picture)
        assert len(result.content) <= MOST_KEPT_BYTES


def test_a_picture_that_can_be_seen_through_stays_so() -> None:
    file = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(file, "PNG")

    result = cleaned(file.getvalue())

    assert isinstance(result, Picture)
    assert result.media_type == "image/png"
    assert opened(result).getpixel((5, 5)) == (255, 0, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_every_kind_of_colours_can_be_stored(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (8, 8)).save(file, "JPEG" if mode == "CMYK" else "PNG")

    assert opened(cleaned(file.getvalue())).size == (8, 8)


def test_each_picture_has_a_name_of_its_own() -> None:
    file = BytesIO()
    picture().save(file, "JPEG")

    first, second = cleaned(file.getvalue()), cleaned(file.getvalue())

    assert isinstance(first, Picture)
    assert isinstance(second, Picture)
    assert first.media_type == "image/jpeg"
    assert first.id != second.id
    assert len(first.id) == 32


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"This is a letter, renamed to photo.jpg.",
        b"\xff\xd8\xff",
        told_everything("JPEG")[:-200],
        told_everything("PNG")[:60],
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    assert cleaned(content) == Unsupported("picture")


def test_a_small_file_that_would_fill_the_memory_is_refused() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9)))

    assert cleaned(bomb) == Unsupported("huge picture")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_more_than_fifty_megapixels_are_refused_before_they_are_read(kind: str) -> None:
    file = BytesIO()
    Image.new("L", (10_000, 5_001)).save(file, kind)

    assert cleaned(file.getvalue()) == Unsupported("huge picture")


@pytest.mark.parametrize("level", [0x1000, 0x8000, 0xF000])
def test_grey_of_sixteen_bits_stays_grey(level: int) -> None:
    file = BytesIO()
    Image.new("I;16", (300, 200), level).save(file, "PNG")
    kept = cleaned(file.getvalue())

    assert isinstance(kept, Picture)
    assert Image.open(BytesIO(kept.content)).convert("L").getpixel((150, 100)) == level // 256


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    file = BytesIO()
    picture().save(file, "JPEG")
    monkeypatch.setattr(pictures, "LARGEST_BYTES", len(file.getvalue()) - 1)

    assert cleaned(file.getvalue()) == Unsupported("large picture")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_damaged_pictures_are_refused_and_never_an_error(kind: str) -> None:
    chance = Random(kind)  # noqa: S311 (the damage has to be the same each time)
    file = BytesIO()
    picture().save(file, kind)
    for _damage in range(300):
        content = bytearray(file.getvalue())
        for _byte in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)

        assert isinstance(cleaned(bytes(content)), Picture | Unsupported)
