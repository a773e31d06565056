"""A picture with few colours, which is a small file."""

from __future__ import annotations

import sys
from collections import Counter

from PIL import Image

_FARTHEST = 4 * 255**2


def few(image: Image.Image, colours: int) -> Image.Image:
    """Keep the colours that matter most, and put the nearest of them in the place of each other.

    What Pillow itself offers for pictures that one can see through mixes the colours of large
    areas, until a bubble looks like what is behind it.
    """
    pixels = memoryview(image.convert("RGBA").tobytes()).cast("I")
    counts = Counter(pixels)
    kept: list[int] = []
    nearest = dict.fromkeys(counts, (_FARTHEST, 0))
    while len(kept) < min(colours, len(counts)):
        # what many pixels have, and no colour so far comes near
        new = max(counts, key=lambda each: counts[each] * nearest[each][0])
        place = len(kept)
        nearest = {each: min(found, (_apart(each, new), place)) for each, found in nearest.items()}
        kept.append(new)
    drawn = Image.frombytes("P", image.size, bytes(nearest[each][1] for each in pixels))
    drawn.putpalette(b"".join(map(_bytes, kept)), "RGBA")
    return drawn


def _apart(one: int, other: int) -> int:
    """Tell how far two colours are apart: the square of their distance."""
    return sum((a - b) ** 2 for a, b in zip(_bytes(one), _bytes(other), strict=True))


def _bytes(colour: int) -> bytes:
    return colour.to_bytes(4, sys.byteorder)
