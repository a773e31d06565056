"""One person on Matrix sends hundreds of messages: the others are answered as ever."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from tests.faults.matrix.fates import Fate, at_the_mercy
from tests.faults.matrix.scripts import SAID
from tests.faults.verdicts import Town
from tests.matrix import Citizen, Homeserver, contents

pytestmark = pytest.mark.slow

FLOOD, AT_ONCE = 300, 20
TOLD = "more than I can read at once"
QUICK_SECONDS = 3.0


def pour(flooder: Citizen) -> None:
    """Send everything, many at once."""
    client = flooder.client.nio

    async def send() -> None:
        places = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with places:
                await client.room_send(flooder.room_id, "m.room.message", contents.text("/mine"))

        await asyncio.gather(*(one() for _ in range(FLOOD)))

    flooder.client.does(send())


def waits(fate: Fate) -> list[float]:
    """Let somebody else talk from the beginning to the end; gives how long each answer took."""
    (player,), took = fate.invites(1), []
    for _ in SAID:
        asked = time.monotonic()
        player.acts()
        fate.waits(lambda: player.is_answered)
        took.append(time.monotonic() - asked)
    return took


def told(fate: Fate, flooder: Citizen) -> int:
    """Count how often somebody was told, or will be, that this is too much."""
    written = [str(row["payload"]) for row in Town(fate.url).rows("outbox")]
    return sum(TOLD in words for words in (*written, *(each.text for each in flooder.messages)))


@pytest.mark.parametrize("to_the_end", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_nobody_notices_a_flood(
    sqlite_url: str,
    tmp_path: Path,
    homeserver: Homeserver,
    figures: dict[str, int],
    *,
    to_the_end: bool,
) -> None:
    with at_the_mercy(homeserver, sqlite_url, tmp_path) as fate:
        fate.program.starts(ready=True)
        flooder = fate.people.person("flooder", "en").starts(encrypted=False)
        flooder.waits_for("Welcome")
        calm = waits(fate)
        pouring = threading.Thread(target=pour, args=(flooder,), name="flood")
        pouring.start()
        flooded = waits(fate)
        pouring.join()
        fate.waits(lambda: told(fate, flooder) == 1)
        if to_the_end:
            flooder.waits_for(TOLD, 120)
            fate.ends_well()
            assert told(fate, flooder) == 1

    figures["ms p50 calm"] = round(1000 * sorted(calm)[len(calm) // 2])
    figures["ms p50 flooded"] = round(1000 * sorted(flooded)[len(flooded) // 2])
    assert sorted(flooded)[len(flooded) // 2] < QUICK_SECONDS
