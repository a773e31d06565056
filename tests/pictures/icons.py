"""The small drawings on a phone: lines in the colour of the text beside them."""

from __future__ import annotations

_SVG = '<svg viewBox="0 0 24 24"><path d="{}"/></svg>'

BACK = _SVG.format("M20 12H5m6-7-7 7 7 7")
MORE = _SVG.format("M12 5v.1m0 6.9v.1m0 6.9v.1")
CLIP = _SVG.format("m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17")
VOICE = _SVG.format("M9 6a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zm-3 5a6 6 0 0 0 12 0m-6 6v4")
FILE = _SVG.format("M6 3h8l4 4v14H6zm8 0v4h4")

TICKS = '<svg class="ticks" viewBox="0 0 18 12"><path d="m1 6 4 4 7-8M8 9l1 1 7-8"/></svg>'

AVATAR = (
    '<svg class="avatar" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20"/>'
    '<path d="M9 12h22v14H19l-6 5v-5H9z"/><path d="M14 22v-4h3v4m2 0v-6h3v6m2 0v-4h3v4"/></svg>'
)
"""A city in a speech bubble."""
