"""What is on the pictures: which transcripts, whose phones, and at which moments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


@dataclass(frozen=True)
class Moment:
    """What a phone shows as soon as somebody has read `until`, from the message with `since` on."""

    who: str
    since: str
    until: str


@dataclass(frozen=True)
class Picture:
    """Moments of one transcript, side by side."""

    name: str
    language: str
    transcript: str
    moments: tuple[Moment, ...]
    height: int
    """Of each phone, in pixels of the page."""

    @property
    def path(self) -> Path:
        """Say where the picture lies."""
        return FOLDER / f"{self.name}.png"


PICTURES = (
    Picture(
        "registration",
        "de",
        "live-ideas",
        (
            Moment("anna", "Für diesen Platz brauchen wir", "Für diesen Platz brauchen wir"),
            Moment("anna", "Stimmt alles?", "Stimmt alles?"),
            Moment("anna", "Stimmt alles?", "termin-auftakt.ics"),
        ),
        height=728,
    ),
    Picture(
        "idea",
        "de",
        "live-ideas",
        (
            Moment("bert", "Ich wünsche mir Kurse", "Wozu gehört sie?"),
            Moment("bert", "Wozu gehört sie?", "Vielen Dank!"),
        ),
        height=620,
    ),
    Picture(
        "plain-german",
        "de@leicht",
        "registration",
        (
            Moment("anna", "/start", "Willkommen"),
            Moment("anna", "Anmelden können Sie sich", "Wie möchten Sie mitmachen?"),
            Moment("anna", "Für diesen Platz brauchen", "Für diesen Platz brauchen wir Ihr Ja"),
        ),
        height=690,
    ),
    Picture(
        "waiting-list",
        "en",
        "waiting-list",
        (
            Moment("clara", "What do you need to take part", "As things stand: full"),
            Moment("clara", "Is everything right?", "waiting list, at position"),
            Moment("clara", "Waiting list, position 1", "Good news"),
        ),
        height=640,
    ),
)
