"""The tables of an event file but its places; a field's description says what is expected."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bot.domain import events
from bot.domain.events import FILL_FROM, EventId
from bot.domain.ideas import PILLARS, Pillar
from bot.services.eventfiles import keywords
from bot.services.eventfiles.fields import (
    LINE,
    LINK,
    SLUG,
    TEXTS,
    WALL_TIME,
    YES_OR_NO,
    Email,
    Line,
    Link,
    Slug,
    Strict,
    Telephone,
    Texts,
    Zone,
)
from bot.services.eventfiles.places import Place
from bot.services.eventfiles.reading import BERLIN, reading, refuse, unseen

HOUR = timedelta(hours=1)


class Speaker(Strict):
    """[[event.speaker]]: somebody who speaks."""

    name: Line = Field(description=LINE)
    role: Texts = Field(description=TEXTS)
    topic: Texts | None = Field(None, description=TEXTS)

    def speaker(self) -> events.Speaker:
        """Give the domain's value."""
        return events.Speaker(self.name, self.role, self.topic)


class Venue(Strict):
    """[event.venue]: where it is."""

    name: Line = Field(description=LINE)
    address: Line = Field(description=LINE)
    latitude: float | None = Field(
        None, ge=-90, le=90, description="degrees north, such as {key} = 51.55"
    )
    longitude: float | None = Field(
        None, ge=-180, le=180, description="degrees east, such as {key} = 7.31"
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> Venue:
        if (self.latitude is None) != (self.longitude is None):
            refuse("has only one of latitude and longitude", "both or none")
        return self

    def venue(self) -> events.Venue:
        """Give the domain's value."""
        return events.Venue(self.name, self.address, self.latitude, self.longitude)


class Event(Strict):
    """[[event]]: one civic event."""

    slug: Slug = Field(description=SLUG)
    keyword: Line = Field(description="the keyword of the announcement: " + LINE)
    title: Texts = Field(description=TEXTS)
    summary: Texts = Field(description=TEXTS)
    zone: Zone = Field(BERLIN, description='the name of a time zone, such as "Europe/Berlin"')
    start: datetime = Field(description=WALL_TIME)
    end: datetime = Field(description=WALL_TIME + ", after the start")
    stream: Link = Field("", description=LINK)
    telephone: Telephone = Field("", description='a number such as {key} = "02305 / 106-2101"')
    email: Email = Field("", description='an address such as {key} = "name@example.org"')
    cost: Texts | None = Field(None, description=TEXTS)
    pillars: list[Literal[Pillar.CITY, Pillar.ADMINISTRATION]] = Field(
        [], description="a list of " + " and ".join(f'"{pillar}"' for pillar in PILLARS)
    )
    fill_from_hours: float = Field(
        FILL_FROM / HOUR, ge=0, le=720, description="hours before the start, from 0 to 720"
    )
    cancelled: bool = Field(default=False, description=YES_OR_NO)
    venue: Venue | None = Field(None, description="a table with [event.venue] above it")
    programme: list[Texts] = Field([], description="tables with [[event.programme]] above each")
    speaker: list[Speaker] = Field([], description="tables with [[event.speaker]] above each")
    place: list[Place] = Field(
        min_length=1, description="at least one table with [[event.place]] above it"
    )

    @model_validator(mode="before")
    @classmethod
    def _begin(cls, data: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        reading(info).begin_event(data.get("end") if isinstance(data, dict) else None)
        return data

    @field_validator("slug")
    @classmethod
    def _new(cls, slug: str, info: ValidationInfo) -> str:
        return unseen(slug, reading(info).slugs, "event of this file")

    @field_validator("keyword")
    @classmethod
    def _own(cls, keyword: str, info: ValidationInfo) -> str:
        known = reading(info)
        keywords.check(keyword, known.commands)
        if known.is_over:
            return keyword  # it may be used again
        return unseen(keyword, known.keywords, "event of this file")

    @field_validator("zone")
    @classmethod
    def _for_all_times(cls, zone: ZoneInfo, info: ValidationInfo) -> ZoneInfo:
        reading(info).zone = zone
        return zone

    @field_validator("start", mode="plain")
    @classmethod
    def _start(cls, wall: object, info: ValidationInfo) -> datetime:
        reading(info).start = start = reading(info).instant(wall)
        return start

    @field_validator("end", mode="plain")
    @classmethod
    def _end(cls, wall: object, info: ValidationInfo) -> datetime:
        end = reading(info).instant(wall)
        start = info.data.get("start")
        if start is not None and end <= start:
            refuse(f"is {wall}, which is not after the start")
        return end

    def event(self) -> events.Event:
        """Give the domain's value."""
        return events.Event(
            id=EventId(0),
            slug=self.slug,
            revision=0,
            keyword=self.keyword,
            title=self.title,
            summary=self.summary,
            starts_at=self.start,
            ends_at=self.end,
            zone=self.zone,
            places=tuple(place.place(self.start, self.end) for place in self.place),
            programme=tuple(self.programme),
            speakers=tuple(speaker.speaker() for speaker in self.speaker),
            venue=self.venue.venue() if self.venue else None,
            stream=self.stream,
            telephone=self.telephone,
            email=self.email,
            cost=self.cost,
            fill_from=self.fill_from_hours * HOUR,
            cancelled=self.cancelled,
            pillars=tuple(self.pillars),
        )


class File(Strict):
    """A whole event file."""

    event: list[Event] = Field(
        min_length=1, description="at least one table with [[event]] above it"
    )
