"""Places and their consents in an event file; a field's description says what is expected."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bot.domain import events
from bot.domain.consents import NEEDS
from bot.domain.events import PlaceId, PlaceKind
from bot.services.eventfiles.fields import (
    LINK,
    SHORT_SLUG,
    TEXTS,
    YES_OR_NO,
    BindingTexts,
    Link,
    ShortSlug,
    Strict,
    Texts,
    Version,
)
from bot.services.eventfiles.reading import reading, refuse, unseen


class Consent(Strict):
    """[[event.place.consent]]: what one has to agree to for a seat at this place."""

    slug: ShortSlug = Field(description=SHORT_SLUG)
    version: Version = Field(
        description='a new one for each change of the wording, in quotes, such as version = "1": '
        "letters, digits, dots and hyphens, at most 16"
    )
    title: BindingTexts = Field(description=TEXTS)
    wording: BindingTexts = Field(description=TEXTS)
    link: Link = Field("", description=LINK)
    guardian: BindingTexts | None = Field(None, description=TEXTS)

    @field_validator("slug")
    @classmethod
    def _not_reserved(cls, slug: str) -> str:
        if slug == NEEDS:
            refuse(f"is “{NEEDS}”, which the program uses itself", "another slug")
        return slug

    @model_validator(mode="after")
    def _one_wording_for_each_version(self, info: ValidationInfo) -> Consent:
        if reading(info).terms.setdefault((self.slug, self.version), self) != self:
            refuse(
                f"“{self.slug}”, version “{self.version}”, reads otherwise at another place",
                "the same title, wordings and link, or another version",
            )
        return self

    def terms(self) -> events.ConsentTerms:
        """Give the domain's value."""
        return events.ConsentTerms(
            self.slug, self.version, self.title, self.wording, self.link, self.guardian
        )


class Place(Strict):
    """[[event.place]]: one way to take part, with seats of its own."""

    slug: ShortSlug = Field(description=SHORT_SLUG)
    kind: Annotated[PlaceKind, Field(strict=False)] = Field(
        description="one of " + ", ".join(f'"{kind}"' for kind in PlaceKind)
    )
    title: Texts = Field(description=TEXTS)
    note: Texts | None = Field(None, description=TEXTS)
    link: Link = Field("", description=LINK)
    capacity: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="the number of seats, from 0; left out, nobody is turned away",
    )
    register_until: datetime | None = Field(
        None,
        description="the last day of registration, such as {key} = 2020-08-17 (that whole day), "
        "or a wall time, such as {key} = 2020-08-17T12:00:00, not after the start; left out, "
        "registration ends with the start",
    )
    consent: list[Consent] = Field([], description="tables with [[event.place.consent]] above each")
    registration: bool = Field(default=True, description=YES_OR_NO)

    @field_validator("capacity")
    @classmethod
    def _no_seats_at_home(cls, capacity: int | None, info: ValidationInfo) -> int | None:
        if capacity is not None and info.data.get("kind") is PlaceKind.STREAM:
            refuse(f"is {capacity}, but a stream has no seats", "no capacity, or another kind")
        return capacity

    @field_validator("slug")
    @classmethod
    def _new(cls, slug: str, info: ValidationInfo) -> str:
        return unseen(slug, reading(info).places, "place of this event")

    @field_validator("register_until", mode="plain")
    @classmethod
    def _deadline(cls, until: object, info: ValidationInfo) -> datetime:
        return reading(info).deadline(until)

    @field_validator("consent")
    @classmethod
    def _each_once(cls, consents: list[Consent]) -> list[Consent]:
        slugs = [consent.slug for consent in consents]
        for slug in slugs:
            if slugs.count(slug) > 1:
                refuse(f"has “{slug}” more than once", "each consent once for a place")
        return consents

    @field_validator("registration")
    @classmethod
    def _nothing_to_register_for(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001
        for key in ("capacity", "register_until", "consent"):
            if not value and info.data.get(key) not in (None, []):
                refuse(f"is false, but there is {key}", "true, or a place without " + key)
        return value

    def place(self, starts_at: datetime, ends_at: datetime) -> events.Place:
        """Give the domain's value; what needs no registration is open to the end."""
        return events.Place(
            id=PlaceId(0),
            slug=self.slug,
            kind=self.kind,
            title=self.title,
            capacity=self.capacity,
            deadline=self.register_until or (starts_at if self.registration else ends_at),
            consents=tuple(consent.terms() for consent in self.consent),
            note=self.note,
            link=self.link,
            registration=self.registration,
        )
