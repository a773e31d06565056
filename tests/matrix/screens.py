"""What somebody sees on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """One message, as it stands on the screen now; `kind` is its msgtype or its type."""

    id: str
    kind: str
    content: Json
    sender: str
    from_bot: bool
    encrypted: bool
    edited: bool = False
    revision: int = 0
    opens: Callable[[Json], bytes] | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The plain words; none if it cannot be decrypted."""
        return str(self.content.get("body", ""))

    @property
    def html(self) -> str:
        """The formatted words, if there are any."""
        return str(self.content.get("formatted_body", ""))

    @property
    def is_readable(self) -> bool:
        """Whether there is a key for it."""
        return self.kind != "m.room.encrypted"

    @property
    def replies_to(self) -> str | None:
        """The id of the message that it quotes."""
        relation: Json = self.content.get("m.relates_to", {})
        replied: str | None = relation.get("m.in_reply_to", {}).get("event_id")
        return replied

    @property
    def geo_uri(self) -> str | None:
        """Where it points to on the map."""
        return self.content.get("geo_uri")

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return str(self.content.get("filename") or self.text)

    @property
    def media_type(self) -> str:
        """What the file says that it is."""
        return str(self.content.get("info", {}).get("mimetype", ""))

    @property
    def file(self) -> bytes:
        """The file, downloaded and decrypted."""
        assert self.opens is not None
        return self.opens(self.content)

    def __str__(self) -> str:
        shut = "locked " if self.encrypted else ""
        more = f" {self.kind}" if self.kind not in {"m.text", "m.notice"} else ""
        return f"{'bot' if self.from_bot else self.sender}: {shut}{self.text!r}{more}"


@dataclass(frozen=True)
class Reaction:
    """A sign that somebody has put below a message."""

    id: str
    message_id: str
    key: str
    sender: str
