"""Pictures from people, made safe to keep: a copy of what is seen, and nothing else.

No position, no camera, no comment: only the picture elements are copied into a new file.
"""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from uuid import uuid4

from PIL import Image, ImageOps

from bot.channels.sizes import LARGEST_BYTES
from bot.dialogue.messages import Picture, Unsupported

__all__ = ["LARGEST_BYTES", "cleaned"]

MOST_PIXELS = 50_000_000
MOST_PIXELS_AT_ONCE = 16_000_000
"""Of what is decoded as a whole: 4 bytes for each, and several copies on the way."""
MOST_PIXELS_IN_SCANS = 30_000_000
"""Of a JPEG that becomes sharper in several scans: all of it is held, 6 bytes for each."""
LONGEST_SIDE = 1600
QUALITIES = (85, 70, 50)
MOST_KEPT_BYTES = 1_000_000
"""Of the file that is kept: few pictures need so much, but some are drawn to."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""Only these decoders see foreign bytes; JPEG includes the several pictures of some phones."""

_SCALED = {"JPEG", "MPO"}
"""Decoded at a fraction of their size, if they are large."""

_HUGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises for a picture that would take too much memory."""

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
)
"""What Pillow raises for a file that is none, or is cut short."""

_DEEP = ("I", "F")
"""How the modes of grey pictures begin that have more than 8 bits for each pixel."""


def cleaned(content: bytes) -> Picture | Unsupported:
    """Give a picture without any metadata, at most 1600 pixels wide and high and 1 MB large."""
    if len(content) > LARGEST_BYTES:
        return Unsupported("large picture")
    try:
        seen = _seen(content)
    except _HUGE:
        return Unsupported("huge picture")
    except _BROKEN:
        return Unsupported("picture")
    if seen.mode == "RGBA":
        content = _written(seen, "PNG")
        if len(content) <= MOST_KEPT_BYTES:
            return Picture(uuid4().hex, "image/png", content)
        seen = _on_white(seen)
    return Picture(uuid4().hex, "image/jpeg", _small(seen))


def _small(seen: Image.Image) -> bytes:
    """Write a picture so that it is not too much to keep: less sharp, and then smaller."""
    while True:
        for quality in QUALITIES:
            content = _written(seen, "JPEG", quality)
            if len(content) <= MOST_KEPT_BYTES:
                return content
        seen = seen.reduce(2)


def _written(seen: Image.Image, kind: str, quality: int = 0) -> bytes:
    file = BytesIO()
    seen.save(file, kind, quality=quality, optimize=True)
    return file.getvalue()


def _on_white(seen: Image.Image) -> Image.Image:
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _seen(content: bytes) -> Image.Image:
    """Decode a picture, turned as it was meant to be seen, into a new one that knows nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # damaged metadata do not matter, they are dropped
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            most = MOST_PIXELS if image.format in _SCALED else MOST_PIXELS_AT_ONCE
            if image.info.get("progressive"):
                most = MOST_PIXELS_IN_SCANS
            if image.width * image.height > most:
                raise Image.DecompressionBombError
            shallow = _shallow(image) if image.mode.startswith(_DEEP) else image
            # First smaller, then turned: a JPEG can be decoded at a fraction of its size.
            shallow.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            turned = ImageOps.exif_transpose(shallow)
            mode = "RGBA" if turned.has_transparency_data else "RGB"
            picture = Image.new(mode, turned.size)
            picture.paste(turned.convert(mode))
            return picture


def _shallow(image: Image.Image) -> Image.Image:
    """Give the upper 8 of 16 bits of each pixel; Pillow would turn all that is brighter white."""
    return image.convert("F").point(lambda level: level / 256).convert("L")
