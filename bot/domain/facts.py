"""What a conversation may know of the world while it decides what to ask; it never writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.consents import Consent
from bot.domain.deletions import Due
from bot.domain.events import Event, EventId, Occupancy, Place
from bot.domain.ideas import Idea, IdeaKind, Pillar
from bot.domain.links import Joining, LinkRefusal, Undoable, Wanted
from bot.domain.people import Role
from bot.domain.privacy import PrivacyNotice, Report
from bot.domain.reach import Undelivered
from bot.domain.seats import Accompanied, CompanionId, Registration


@dataclass(frozen=True)
class City:
    """Whose dialogue this is, and how it is reached without a chat."""

    name: str
    telephone: str
    email: str
    notice: PrivacyNotice = field(default_factory=PrivacyNotice)


@dataclass(frozen=True)
class Invitation:
    """What a companion's code stands for, and who has sent it.

    `is_own` is true for whoever registered the companion, `is_taken` if somebody else has
    answered with the code.
    """

    companion: CompanionId
    event: Event
    place: Place
    name: str
    sender: str
    is_own: bool
    is_taken: bool


@dataclass(frozen=True)
class Statistics:
    """How much there is of everything; `ideas` counts by kind and pillar.

    `deletions` are those that are announced.
    """

    conversations: int
    ideas: Mapping[tuple[IdeaKind, Pillar], int]
    deletions: Sequence[Due] = ()


class Facts(Protocol):
    """A snapshot for one person; what belongs to a person is read when it is first asked for."""

    @property
    def city(self) -> City:
        """Say whose dialogue this is."""
        ...

    @property
    def now(self) -> datetime:
        """Say when this was read (UTC)."""
        ...

    @property
    def events(self) -> Sequence[Event]:
        """Give the events that are not over, the next one first."""
        ...

    @property
    def every_event(self) -> Sequence[Event]:
        """Give all events by their start, past ones too."""
        ...

    def event(self, event_id: EventId) -> Event:
        """Give an event, past ones too."""
        ...

    def event_called(self, slug: str) -> Event | None:
        """Find an event by its slug, past ones too."""
        ...

    def occupancy(self, place: Place) -> Occupancy:
        """Say how full a place is."""
        ...

    @property
    def role(self) -> Role | None:
        """Say what the person may do as a member of staff."""
        ...

    @property
    def registrations(self) -> Sequence[Registration]:
        """Give the person's registrations for events that are not over, cancelled ones too."""
        ...

    @property
    def past(self) -> Sequence[Registration]:
        """Give the person's registrations for events that are over, as long as they are kept."""
        ...

    @property
    def accompanied(self) -> Sequence[Accompanied]:
        """Give what others have registered for the person, past events too."""
        ...

    @property
    def ideas(self) -> Sequence[Idea]:
        """Give the person's ideas, the newest first."""
        ...

    @property
    def consents(self) -> Sequence[Consent]:
        """Give the consents that the person has given, withdrawn ones too."""
        ...

    @property
    def report(self) -> Report:
        """Give everything that is known about the person."""
        ...

    def invitation(self, code: str) -> Invitation | None:
        """Find out what a companion's code stands for."""
        ...

    def code(self, code: str, now: datetime) -> str | None:
        """Find out which prefix a one-time code has that was typed without one."""
        ...

    def undoable(self, now: datetime) -> Undoable | None:
        """Find the person's latest joining that can still be undone."""
        ...

    def wanted(self, now: datetime) -> Wanted | None:
        """Find out whether the person's code was typed in another chat, which waits for a yes."""
        ...

    def link(self, code: str, now: datetime) -> Joining | LinkRefusal:
        """Find out what happens if the person joins the chat that a code (its hash) is from."""
        ...

    def registrations_at(self, event: Event) -> Sequence[Registration]:
        """Give everybody who is registered for an event, in order of arrival; for staff only."""
        ...

    def undelivered(self) -> Undelivered:
        """Give the people whom somebody has to call, and what was set aside; for staff only."""
        ...

    def idea_for_staff(self, reference: str) -> Idea | None:
        """Find an idea that was not taken back by its number; for staff only."""
        ...

    def newest_ideas(self, limit: int) -> Sequence[Idea]:
        """Give the newest ideas; for staff only."""
        ...

    def statistics(self) -> Statistics:
        """Count what there is; for staff only."""
        ...
