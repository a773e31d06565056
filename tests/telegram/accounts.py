"""Who takes part: people and bots, as Telegram describes them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.telegram.refusals import Json


@dataclass(eq=False)
class Account:
    """Whoever can send a message."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""
    is_bot: bool = False

    def as_json(self) -> Json:
        """Give the User of the Bot API."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        named = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language,
        }
        return user | {name: value for name, value in named.items() if value}


@dataclass(eq=False)
class Person(Account):
    """Somebody with a telephone."""

    phone_number: str = ""

    def contact(self) -> Json:
        """Give the card that this person shares about oneself."""
        card: Json = {"phone_number": self.phone_number, "first_name": self.first_name}
        return (
            card | ({"last_name": self.last_name} if self.last_name else {}) | {"user_id": self.id}
        )
