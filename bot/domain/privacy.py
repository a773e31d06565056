"""What a person may demand of their data: to see it, to take it along, to have it erased.

The field names of a `Report` are the keys of the file that a person takes along
(docs/privacy-notice.md explains each); access data is never part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.events import LocalText

UNFINISHED_LAST = timedelta(days=14)
"""How long answers are kept that did not come to an end."""

DETAILS_LAST = timedelta(days=30)
"""How long after its end names and contacts of an event are kept."""

PICTURES_LAST = timedelta(days=14)
"""How long a picture is kept that no idea has taken."""

LETTERS_LAST = timedelta(days=30)
"""How long the program knows that a message came in or went out; its words go at once."""

UNDECRYPTED_LAST = timedelta(days=7)
"""How long a message is kept, as it came, whose key has not come."""

IDLE_LAST = timedelta(days=365)
"""How long the chat of somebody is known of whom nothing else is kept."""

CONSENTS_LAST_YEARS = 3
"""How many years after the year of the event a consent can be proved (§§ 195, 199 BGB)."""


@dataclass(frozen=True)
class ForgetMe:
    """Erase everything that identifies the person; seats pass on, published ideas lose their name.

    `ideas_too` takes back what they handed in as well, with its text.
    """

    ideas_too: bool = False


@dataclass(frozen=True)
class Forgotten:
    """What was erased, and what stays without any link to the person."""

    given_back: int
    ideas_kept: int
    ideas_deleted: int
    consents_kept: int


@dataclass(frozen=True)
class ForgottenElsewhere:
    """A notice: in another chat of the same person everything was erased; `network` is its own."""

    network: str


@dataclass(frozen=True)
class Holdings:
    """How much the program knows about a person, as the preview of an erasure shows it.

    `seats` counts the seats and places in line that an erasure gives back, `ideas` those that
    were not taken back.
    """

    registrations: int
    seats: int
    ideas: int
    pictures: int
    consents: int
    conversations: int
    is_staff: bool


@dataclass(frozen=True)
class IdentityRecord:
    """An address under which the program knows a person."""

    channel: str
    address: str


@dataclass(frozen=True)
class ConversationRecord:
    """A chat with its language; `unfinished` are the answers of what is not at its end yet."""

    channel: str
    chat: str
    language: str | None
    last_message_at: datetime
    unfinished: Any


@dataclass(frozen=True)
class CompanionRecord:
    """Somebody whom the person brings along."""

    name: str
    child: bool
    consent: str | None


@dataclass(frozen=True)
class RegistrationRecord:
    """A registration in any state; `counts` tells whether it is a seat or a place in line."""

    event: str
    event_title: Mapping[str, str]
    place: str
    arrival_number: int
    arrived_at: datetime
    state: str
    counts: bool
    party_size: int
    channel: str
    name: str
    contact_kind: str
    contact: str
    organisation: str
    needs: str
    companions: tuple[CompanionRecord, ...] = ()


@dataclass(frozen=True)
class CompanionOfRecord:
    """What somebody else has told: the person comes along with them."""

    event: str
    name: str
    consent: str | None


@dataclass(frozen=True)
class ConsentRecord:
    """What the person agreed to, in the very words that were shown.

    `child` names the child for whom they did: None is for themselves, empty if the name is gone.
    """

    event: str
    slug: str
    version: str
    language: str
    wording: str
    state: str
    given_at: datetime
    withdrawn_at: datetime | None
    child: str | None = None


@dataclass(frozen=True)
class IdeaRecord:
    """Something that the person handed in."""

    reference: str
    event: str | None
    origin: str | None
    kind: str
    pillar: str
    text: str
    name: str
    organisation: str
    state: str
    created_at: datetime
    picture: str | None


@dataclass(frozen=True)
class PictureRecord:
    """A picture that the person sent; not the picture itself."""

    id: str
    media_type: str
    size_in_bytes: int
    sent_at: datetime


@dataclass(frozen=True)
class LetterRecord:
    """A message to the person; its words are kept only until it has arrived."""

    channel: str
    chat: str
    state: str
    created_at: datetime
    reason: str | None
    content: Mapping[str, Any] | None


@dataclass(frozen=True)
class HistoryRecord:
    """Something that happened to the person, or that they caused."""

    at: datetime
    what: str
    by_you: bool
    event: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """Everything that the program knows about a person; instants are UTC."""

    person: int
    known_since: datetime | None = None
    unreachable_since: datetime | None = None
    staff_role: str | None = None
    staff_since: datetime | None = None
    identities: tuple[IdentityRecord, ...] = ()
    conversations: tuple[ConversationRecord, ...] = ()
    registrations: tuple[RegistrationRecord, ...] = ()
    companion_of: tuple[CompanionOfRecord, ...] = ()
    consents: tuple[ConsentRecord, ...] = ()
    ideas: tuple[IdeaRecord, ...] = ()
    pictures: tuple[PictureRecord, ...] = ()
    messages: tuple[LetterRecord, ...] = ()
    history: tuple[HistoryRecord, ...] = ()

    @property
    def holdings(self) -> Holdings:
        """Count what there is."""
        return Holdings(
            registrations=len(self.registrations),
            seats=sum(registration.counts for registration in self.registrations),
            ideas=sum(idea.state != "withdrawn" for idea in self.ideas),
            pictures=len(self.pictures),
            consents=len(self.consents),
            conversations=len(self.conversations),
            is_staff=self.staff_role is not None,
        )


@dataclass(frozen=True)
class PrivacyNotice:
    """A city's own words for its notice; where there are none, the program's are used.

    `short` is said before the first personal question, `link` leads to the whole document.
    """

    controller: LocalText | None = None
    officer: LocalText | None = None
    authority: LocalText | None = None
    purposes: LocalText | None = None
    grounds: LocalText | None = None
    retention: LocalText | None = None
    networks: LocalText | None = None
    rights: LocalText | None = None
    short: LocalText | None = None
    link: str = field(default="")
