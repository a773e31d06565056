"""A citizen with Element in a browser, that is with matrix-js-sdk: a client that is not ours.

It excludes insecure devices (MSC4153): a device that its owner has not signed gets no key from
it, and what such a device says, it does not show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.matrix import contents, tabs
from tests.matrix.citizens import Message, id_of
from tests.matrix.homeservers import Homeserver
from tests.matrix.records import Records
from tests.matrix.screens import Json, Reaction, Shown
from tests.matrix.tabs import Tab
from tests.matrix.views import View


@dataclass(frozen=True)
class Marked(Shown):
    """A message, and how the client marks it.

    `shield` is "none" on a message that is beyond doubt, "grey" or "red" on others, and None if it
    was not encrypted or cannot be read. `reason` says why, in the words of matrix-js-sdk.
    """

    shield: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class _Event:
    source: Json
    decrypted: bool


class Device(Tab):
    """A tab, and what was seen in it."""

    def __init__(self) -> None:
        self.records = Records("", _opens)
        self.marks: dict[str, tuple[str | None, str | None]] = {}
        self.withheld: list[str] = []
        super().__init__(self._take)

    def _take(self, said: Json) -> None:
        with self.records.changed:
            if said["saw"] == "withheld":
                self.withheld.append(said["code"])
            else:
                self._take_event(said["room"], said)
            self.records.changed.notify_all()

    def _take_event(self, room_id: str, said: Json) -> None:
        source: Json = said["source"]
        if "shield" in said:
            relation: Json = source["content"].get("m.relates_to") or {}
            is_edit = relation.get("rel_type") == "m.replace"
            marked = relation["event_id"] if is_edit else source["event_id"]
            self.marks[marked] = said["shield"], said["reason"]
        self.records.take(room_id, _Event(source, decrypted=said["encrypted"]))


class Browser(View):
    """What somebody does, and (in View) sees, in the direct room with a bot.

    Without `strict`, messages of unsigned devices are shown, with a shield. A browser that is not
    `signed` is itself such a device.
    """

    def __init__(
        self, homeserver: Homeserver, name: str, *, signed: bool = True, strict: bool = True
    ) -> None:
        self.name, self.account = name, homeserver.newcomer(name)
        self.device = Device()
        super().__init__(self.device)  # type: ignore[arg-type]  # which has what a View needs
        self._rooms: list[str] = []
        known = {"user": self.account.user_id, "password": self.account.password}
        try:
            self.device.asks("login", url=homeserver.url, **known, signed=signed, strict=strict)
        except BaseException:
            self.device.ends()
            raise

    @property
    def id(self) -> str:
        """The full id of the person."""
        return self.account.user_id

    @property
    def room_id(self) -> str:
        """The direct room, the newest if there were several."""
        assert self._rooms, f"{self.name} has not started yet"
        return self._rooms[-1]

    @property
    def messages(self) -> list[Shown]:
        """Everything that is shown now, the oldest first."""
        return list(self.marked)

    @property
    def marked(self) -> list[Marked]:
        """The same, with the marks."""
        with self.records.changed:
            return [self._marked(each) for each in super().messages]

    @property
    def withheld(self) -> list[str]:
        """The reasons for which somebody did not give this device a key."""
        with self.records.changed:
            return list(self.device.withheld)

    def starts(self, bot: str, *, waits: bool = True) -> Browser:
        """Open an encrypted direct room and invite the bot; wait until it has joined."""
        self.records.bot = bot
        self._rooms.append(self.device.asks("open", bot=bot)["room"])
        if waits:
            self.waits_for_bot()
        return self

    def joins(self, room_id: str, bot: str) -> Browser:
        """Accept an invitation to a direct room; who has invited is taken for the bot."""
        self.records.bot = bot
        self.device.asks("join", room=room_id)
        self._rooms.append(room_id)
        return self

    def leaves(self) -> None:
        """Leave the room."""
        self.device.asks("leave", room=self.room_id)

    def types(self, text: str) -> Marked:
        """Type a text and send it."""
        return self.sends(contents.text(text))

    def sends(self, content: Json, kind: str = "m.room.message") -> Marked:
        """Send anything that Matrix knows."""
        sent = self.device.asks("send", room=self.room_id, type=kind, content=content)
        shown_kind, encrypted = content.get("msgtype", kind), sent["encrypted"]
        return Marked(
            sent["event"], shown_kind, content, self.id, from_bot=False, encrypted=encrypted
        )

    def edits(self, message: Message, text: str) -> Marked:
        """Change a message of one's own."""
        return self.sends(contents.edit(id_of(message), text))

    def reacts(self, message: Message, key: str) -> Reaction:
        """Put a sign below a message; this is never encrypted."""
        sent = self.sends(contents.reaction(id_of(message), key), "m.reaction")
        return Reaction(sent.id, id_of(message), key, self.id)

    def deletes(self, message: Message | Reaction) -> None:
        """Take back a message or a reaction."""
        event_id = message if isinstance(message, str) else message.id
        self.device.asks("redact", room=self.room_id, event=event_id)

    def ends(self) -> None:
        """Close the browser."""
        self.device.ends()

    def _marked(self, shown: Shown) -> Marked:
        shield, reason = self.device.marks.get(shown.id, (None, None))
        return Marked(**vars(shown), shield=shield, reason=reason)


def _opens(_content: Json) -> bytes:
    raise NotImplementedError("a browser does not download files")


@contextmanager
def opened(
    homeserver: Homeserver, name: str, *, signed: bool = True, strict: bool = True
) -> Iterator[Browser]:
    """Open a browser for the time of a test, or skip the test where there is none."""
    if tabs.node() is None:
        pytest.skip(tabs.NOT_INSTALLED)
    browser = Browser(homeserver, name, signed=signed, strict=strict)
    try:
        yield browser
    finally:
        browser.ends()
