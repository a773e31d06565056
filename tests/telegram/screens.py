"""What somebody sees on the screen of a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration

from tests.telegram.chats import Message
from tests.telegram.files import Files
from tests.telegram.refusals import Json


@dataclass(frozen=True)
class Button:
    """A button below a message, or one of a reply keyboard."""

    text: str
    data: str = ""
    url: str = ""
    asks_for_contact: bool = False
    asks_for_location: bool = False

    @classmethod
    def of(cls, button: Json) -> Button:
        """Read it from the Bot API's form."""
        return cls(
            button["text"],
            button.get("callback_data", ""),
            button.get("url", ""),
            bool(button.get("request_contact")),
            bool(button.get("request_location")),
        )


@dataclass(frozen=True)
class Document:
    """A file that somebody can open."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Shown:
    """One message, as it stands on the screen now."""

    id: int
    text: str
    entities: list[Json]
    from_bot: bool
    sender: str
    edited: bool
    rows: list[list[Button]]
    content: Json
    document: Document | None
    replies_to: int | None
    revision: int

    @property
    def buttons(self) -> list[Button]:
        """All inline buttons, row by row."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """The words on the inline buttons."""
        return [button.text for button in self.buttons]

    @property
    def html(self) -> str:
        """The text with its tags."""
        entities = [MessageEntity.model_validate(each) for each in self.entities]
        return html_decoration.unparse(self.text, entities)

    @property
    def venue(self) -> Json | None:
        """The place, if it is one."""
        venue: Json | None = self.content.get("venue")
        return venue

    @property
    def words(self) -> str:
        """Everything on it that can be read."""
        venue = self.venue or {}
        parts = [self.text, *self.labels, venue.get("title", ""), venue.get("address", "")]
        return "\n".join([*filter(None, parts), *([self.document.name] if self.document else [])])

    def __str__(self) -> str:
        who = "bot" if self.from_bot else self.sender
        kind = next((name for name in self.content if name not in {"text", "entities"}), "")
        rows = "".join(
            "\n        " + " ".join(f"[{button.text}]" for button in row) for row in self.rows
        )
        edited = " (edited)" if self.edited else ""
        text = self.text.replace("\n", "\n        ")
        return f"{self.id}{edited} {who}: {text or f'<{kind}>'}{rows}"


def shown(message: Message, files: Files) -> Shown:
    """Show a message."""
    content = message.content
    return Shown(
        id=message.id,
        text=content.get("text") or content.get("caption", ""),
        entities=content.get("entities") or content.get("caption_entities", []),
        from_bot=message.sender.is_bot,
        sender=message.sender.first_name,
        edited=message.edited_at is not None,
        rows=_rows(message.markup),
        content=content,
        document=_document(content.get("document"), files),
        replies_to=message.replies_to.id if message.replies_to else None,
        revision=message.revision,
    )


def _rows(markup: dict[str, Any] | None) -> list[list[Button]]:
    return [[Button.of(each) for each in row] for row in (markup or {}).get("inline_keyboard", [])]


def _document(document: Json | None, files: Files) -> Document | None:
    if document is None:
        return None
    file = files.by_id(document["file_id"])
    return Document(file.name, file.content, file.media_type)
