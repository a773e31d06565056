"""Letters from the outbox, sent to rooms, and what the answers of the homeserver mean for them."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from nio import MatrixRoom
from nio.exceptions import LocalProtocolError

from bot.channels.attachments import fetched
from bot.channels.matrix import letters
from bot.channels.matrix.devices import Device
from bot.channels.matrix.failures import InvalidToken, MatrixError, Refused, SlowDown
from bot.channels.matrix.keyrings import Superseded
from bot.channels.matrix.letters import File, Part
from bot.delivery import Attempt, Away, Gone, Later, Rejected, Sent
from bot.store.outbox import Letter

log = logging.getLogger(__name__)

CHANNEL = "matrix"
FORBIDDEN = ("M_FORBIDDEN", "M_NOT_FOUND")
DATABASE_AWAY = timedelta(seconds=2)

MARK = 10
_IN_A_PATH = str.maketrans("+/", "-_")


class MatrixSender:
    """Sends letters; a repeated attempt is recognised by the homeserver and sends nothing twice."""

    channel = CHANNEL

    def __init__(self, device: Device, city: str = "") -> None:
        self._city = city
        self._client = device.client
        self._rooms = device.rooms
        self._files = device.files
        self._database = device.database
        self._quiet_until = 0.0
        self._done: dict[int, int] = {}

    async def send(self, letter: Letter) -> Attempt:
        """Send a letter; after a failure, go on behind the part that arrived last."""
        room = self._room(letter.chat)
        if room is None:
            return Gone("there is no private room")
        attached = await fetched(self._database, letter, self._city)
        if attached is None:
            return Later(DATABASE_AWAY)
        attempt = await self._send(letter, room, letters.parts(letter, attached))
        if isinstance(attempt, (Sent, Rejected, Gone)):
            self._done.pop(letter.id, None)
        return attempt

    def _room(self, chat: str) -> MatrixRoom | None:
        """Find the room for a letter: that of a group, or the private one of a person."""
        return self._rooms.room(chat) if chat.startswith("!") else self._rooms.private(chat)

    async def _send(self, letter: Letter, room: MatrixRoom, parts: list[Part]) -> Attempt:
        for number, part in enumerate(parts):
            if number < self._done.get(letter.id, 0):
                continue
            try:
                await self._message(room, letter, part, self._tx_id(letter, number))
            except SlowDown as error:  # the limits of a homeserver are for an account, not a room
                after = timedelta(seconds=error.seconds)
                return Later(after, everybody=after)
            except InvalidToken as error:
                return Away(str(error))  # whoever takes messages in will see it, and say so
            except Refused as error:
                return Gone(str(error)) if error.code in FORBIDDEN else Rejected(str(error))
            except LocalProtocolError:
                return Gone("the bot is no longer in the room")
            except (MatrixError, Superseded) as error:
                return Away(str(error) or type(error).__name__)
            self._done[letter.id] = number + 1
        return Sent()

    async def _message(self, room: MatrixRoom, letter: Letter, part: Part, tx_id: str) -> None:
        """Send a message; raises SlowDown without asking, as long as the homeserver has said so."""
        clock = asyncio.get_running_loop().time
        if (left := self._quiet_until - clock()) > 0:
            raise SlowDown(left)
        try:
            content = (
                await self._files.sent(part, encrypted=room.encrypted)
                if isinstance(part, File)
                else part
            )
            await self._ask_for_devices(room)
            await self._client.room_send(
                room.room_id,
                "m.room.message",
                letters.threaded(letter, content),
                tx_id=tx_id,
                ignore_unverified_devices=True,
            )
        except SlowDown as error:
            self._quiet_until = clock() + error.seconds
            raise

    async def _ask_for_devices(self, room: MatrixRoom) -> None:
        """Ask for the devices of people who are new: what is sent without their keys stays shut.

        nio asks only once, whether or not there is an answer.
        """
        machine = self._client.machine
        others = machine.users_for_key_query & room.users.keys() - {self._client.user_id}
        known = machine.device_store.active_user_devices
        if room.encrypted and not all(any(known(user)) for user in others):
            await self._client.keys_query()

    def _tx_id(self, letter: Letter, part: int) -> str:
        """Name a message so that the homeserver recognises it when it is sent again.

        Letters of another database have the same numbers, but then the bot has other keys.
        """
        own_key = self._client.machine.account.identity_keys["curve25519"]
        mark = own_key[:MARK].translate(_IN_A_PATH)
        return f"stadtdialog.{mark}.{letter.id}.{part}"
