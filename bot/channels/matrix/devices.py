"""What belongs together as long as the bot is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.channels.matrix.clients import Client
from bot.channels.matrix.courtesies import Courtesies
from bot.channels.matrix.files import Files
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.undecrypted import Undecrypted
from bot.outages import PatientDatabase


@dataclass(frozen=True)
class Device:
    """The bot, signed in: its client, and what it remembers of rooms and messages."""

    client: Client
    rooms: Rooms
    files: Files
    undecrypted: Undecrypted
    courtesies: Courtesies
    database: PatientDatabase

    @classmethod
    def of(cls, client: Client, database: PatientDatabase) -> Self:
        """Begin anew with a client that is signed in."""
        rooms = Rooms(client)
        return cls(
            client,
            rooms,
            Files(client),
            Undecrypted(client, database),
            Courtesies(client, rooms),
            database,
        )
