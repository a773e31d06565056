"""Events of rooms, each turned into a message for the intake."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nio import (
    Event,
    MegolmEvent,
    ReactionEvent,
    RedactionEvent,
    RoomMemberEvent,
    UnknownBadEvent,
)

from bot import clock
from bot.channels.matrix import incoming, reactions, references
from bot.channels.matrix.devices import Device
from bot.channels.matrix.groups import Groups
from bot.channels.matrix.incoming import Fetchable
from bot.channels.matrix.sending import CHANNEL
from bot.dialogue.messages import Content, Flood, Incoming, Left, Typed, Unsupported
from bot.intake import Committed, Intake

GONE = ("leave", "ban")


@dataclass(frozen=True)
class Heard:
    """An event in a room; `is_late` tells that it waited while the bot was away."""

    room_id: str
    event: Event
    is_late: bool = False


class Receiver:
    """Takes events; those of one room have to be given one after the other."""

    def __init__(self, device: Device, intake: Intake, groups: Groups) -> None:
        self._client = device.client
        self._rooms = device.rooms
        self._files = device.files
        self._undecrypted = device.undecrypted
        self._courtesies = device.courtesies
        self._intake = intake
        self._groups = groups
        self._fetching: set[str] = set()

    def is_fetching(self, room_id: str) -> bool:
        """Tell whether what is said in a room waits for a picture."""
        return room_id in self._fetching

    async def take(self, heard: Heard) -> Committed | None:
        """Take an event; gives what becomes of it, if it is a message.

        Raises MatrixError if something that belongs to it cannot be fetched now.
        """
        event = heard.event
        if isinstance(event, UnknownBadEvent):
            return None  # not even its homeserver should have taken it
        if isinstance(event, RoomMemberEvent):
            return await self._membership(heard, event)
        if event.sender != self._client.user_id:
            return await self._said(heard)
        return None

    def ask_again(self, heard: Heard) -> Committed | None:
        """Ask somebody to send again what could not be decrypted."""
        person = self._rooms.other(heard.room_id)
        if person is None:
            return None
        return self._submit(heard, person, Unsupported("lost message"), "lost")

    async def _membership(self, heard: Heard, event: RoomMemberEvent) -> Committed | None:
        """See somebody come or go; the bot greets whoever it finds alone with it."""
        room_id, is_me = heard.room_id, event.state_key == self._client.user_id
        if is_me and event.membership == "join":
            self._rooms.enter(room_id)
        person = self._rooms.other(room_id)
        if event.membership in GONE:
            was_here = event.state_key if event.prev_membership == "join" else None
            return await self._left(heard, person if is_me else was_here, is_me=is_me)
        if person is None:
            await self._explain(room_id, event.sender)
        elif is_me and event.membership == "join" and event.prev_membership != "join":
            self._rooms.note(person, room_id)
            return self._submit(heard, person, Typed("/start"))
        return None  # a new name, or a new picture

    async def _left(self, heard: Heard, person: str | None, *, is_me: bool) -> Committed | None:
        """See a private room end; who comes and goes among others is nobody's business."""
        if is_me:
            self._rooms.forget(heard.room_id)
        elif self._rooms.is_empty(heard.room_id):
            self._courtesies.leave(heard.room_id, person or "")
        else:
            return None
        await self._undecrypted.leave(heard.room_id)
        if person is None or self._rooms.private(person) is not None:
            return None
        return self._submit(heard, person, Left())

    async def _explain(self, room_id: str, sender: str) -> None:
        if self._rooms.is_group(room_id):
            by = room_id if sender == self._client.user_id else sender
            await self._groups.explain(room_id, by)

    async def _said(self, heard: Heard) -> Committed | None:
        room_id, event = heard.room_id, heard.event
        person = self._rooms.other(room_id)
        if person is None:
            if isinstance(event, MegolmEvent) or incoming.content(event) is not None:
                await self._explain(room_id, event.sender)
            return None
        if event.sender != person:
            return None  # somebody who has left in the meantime
        if isinstance(event, MegolmEvent):
            await self._undecrypted.keep(room_id, event)
            return None
        self._rooms.note(person, room_id)
        content = incoming.content(event, self._client.called)
        if isinstance(content, Fetchable):
            content = await self._fetched(heard, person, content)
            is_admitted = True
        else:
            content = await self._content(heard, content)
            is_admitted = False
        if content is None:
            return None
        if content == Unsupported("verification"):
            self._courtesies.decline_verification(room_id, event.event_id)
        await self._undecrypted.overtaken(room_id)
        return self._submit(heard, person, content, is_admitted=is_admitted)

    async def _fetched(self, heard: Heard, person: str, file: Fetchable) -> Content | None:
        """Fetch a picture, unless it is one of too many; only its own room waits for it."""
        found: Fetchable | Flood | Unsupported | None = file
        if not heard.is_late:
            found = self._intake.admit((CHANNEL, person), file, is_picture=True)
        if not isinstance(found, Fetchable):
            return found
        self._fetching.add(heard.room_id)
        try:
            return replace(await self._files.fetched(file), caption=file.caption)
        finally:
            self._fetching.discard(heard.room_id)

    async def _content(self, heard: Heard, read: Content | None) -> Content | None:
        event = heard.event
        if isinstance(event, ReactionEvent):
            return await reactions.tapped(self._client, heard.room_id, event)
        if isinstance(event, RedactionEvent):
            return await references.taken_back(self._client, heard.room_id, event)
        match read:
            case Typed() as typed if replied := incoming.replied_to(event):
                return await references.replied(self._client, heard.room_id, replied, typed)
            case content:
                return content

    def _submit(
        self,
        heard: Heard,
        person: str,
        content: Content,
        about: str = "",
        *,
        is_admitted: bool = False,
    ) -> Committed:
        """Hand a message in; `about` tells messages apart that come of the same event."""
        return self._intake.accept(
            Incoming(
                channel=CHANNEL,
                chat=person,
                sender=person,
                update_id=f"{heard.event.event_id} {about}".strip(),
                content=content,
                received_at=clock.now(),
                thread=incoming.thread(heard.event),
                sent_at=clock.instant(heard.event.server_timestamp / 1000),
            ),
            is_admitted=is_admitted or heard.is_late,
        )
