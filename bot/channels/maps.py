"""Where a place is, for networks and people without a map of their own."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.domain.events import Venue
from bot.i18n import Phrase, _

MAP = "https://www.openstreetmap.org/search"


def link(venue: Venue) -> Phrase:
    """Link to a map that shows an address."""
    return _("Map: {link}").format(link=f"{MAP}?{urlencode({'query': venue.address})}")
