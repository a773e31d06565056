"""What a client that is not ours makes of signed and of unsigned devices."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.matrix import Citizen, Homeserver, contents, tabs
from tests.matrix.browsers import Browser, Marked, opened
from tests.matrix.screens import Json

pytestmark = pytest.mark.slow


@pytest.fixture
def anna(homeserver: Homeserver) -> Iterator[Browser]:
    """Give Anna, whose browser excludes insecure devices, as that of everybody soon will."""
    with opened(homeserver, "anna") as anna:
        yield anna


@pytest.fixture
def emil(homeserver: Homeserver, anna: Browser) -> Iterator[Browser]:
    """Give Emil, whom Anna takes for a bot, and who has a signed device as well."""
    with opened(homeserver, "emil") as emil:
        anna.starts(emil.id, waits=False)
        emil.joins(anna.room_id, anna.id)
        anna.waits_for_bot()
        yield emil


def beside(anna: Browser, berta: Citizen) -> None:
    """Let Anna take Berta, whose device on nio is unsigned, for a bot."""
    anna.starts(berta.id, waits=False)
    berta.joins(anna.room_id)
    anna.waits_for_bot()


def newest(browser: Browser) -> Marked:
    """Give the newest message on the screen."""
    return browser.marked[-1]


def test_signed_devices_talk_without_a_shield(anna: Browser, emil: Browser) -> None:
    anna.types("Hallo")
    emil.waits_for("Hallo")
    emil.types("Guten Tag")
    anna.waits_for("Guten Tag")

    for each in (newest(emil), newest(anna)):
        assert (each.encrypted, each.shield, each.reason) == (True, "none", None)
    assert [each.from_bot for each in anna.messages] == [False, True]


def test_an_unsigned_device_gets_no_key(anna: Browser, berta: Citizen) -> None:
    beside(anna, berta)
    sent = anna.types("Hallo")
    berta.waits_until(lambda: [each.id for each in berta.messages] == [sent.id])
    later = berta.types("What was that?")
    anna.waits_until(lambda: newest(anna).id == later.id)

    assert not berta.messages[0].is_readable
    assert (newest(anna).text, newest(anna).shield) == ("", None)
    assert newest(anna).reason == "UNSIGNED_SENDER_DEVICE"


def sends_openly(homeserver: Homeserver, berta: Citizen, content: Json) -> None:
    """Send a message without encryption into an encrypted room."""
    path = f"/_matrix/client/v3/rooms/{berta.room_id}/send/m.room.message/1"
    homeserver.asks("PUT", path, content, berta.account.token)


def test_an_unsigned_device_has_a_shield_elsewhere(homeserver: Homeserver, berta: Citizen) -> None:
    with opened(homeserver, "anna", strict=False) as anna:
        beside(anna, berta)
        sent = berta.types("Halo")
        anna.waits_for("Halo")

        assert (newest(anna).shield, newest(anna).reason) == ("red", "UNSIGNED_DEVICE")
        sends_openly(homeserver, berta, contents.edit(sent.id, "Hallo"))
        assert anna.waits_for("Hallo").edited
        assert newest(anna).shield is None  # the mark is that of the newest words


def test_a_browser_is_told_that_a_key_is_withheld(homeserver: Homeserver, anna: Browser) -> None:
    with opened(homeserver, "emil", signed=False, strict=False) as emil:
        anna.starts(emil.id, waits=False)
        emil.joins(anna.room_id, anna.id)
        anna.waits_for_bot()
        anna.types("Hallo")
        emil.waits_until(lambda: emil.withheld != [] and emil.messages != [])

        assert emil.withheld == ["m.unverified"]
        assert not newest(emil).is_readable
        assert newest(emil).reason == "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"


def test_a_key_may_come_late(homeserver: Homeserver, berta: Citizen) -> None:
    with opened(homeserver, "anna", strict=False) as anna:
        beside(anna, berta)
        anna.types("Hallo")  # so that Berta knows her device
        berta.waits_until(lambda: any(each.is_readable for each in berta.messages))
        berta.bot = anna.id
        berta.withholds_key("Can you read this?")
        anna.waits_until(lambda: newest(anna).reason == "MEGOLM_UNKNOWN_INBOUND_SESSION_ID")
        berta.hands_over_key()

        assert anna.waits_for("Can you read this?").encrypted


def test_a_message_without_encryption_is_seen_to_have_none(
    homeserver: Homeserver, anna: Browser, berta: Citizen
) -> None:
    beside(anna, berta)
    sends_openly(homeserver, berta, contents.text("Hallo", "m.notice"))
    shown = anna.waits_for("Hallo")

    assert (shown.kind, shown.encrypted, newest(anna).shield) == ("m.notice", False, None)


def test_messages_are_edited_marked_and_taken_back(anna: Browser, emil: Browser) -> None:
    sent = emil.types("Halo")
    anna.waits_for("Halo")
    emil.edits(sent, "Hallo")
    reaction = anna.reacts(sent, "👍")

    assert anna.waits_for("Hallo").edited
    assert [each.shield for each in anna.marked] == ["none"]
    emil.waits_until(lambda: emil.reactions == [reaction])
    emil.deletes(sent)
    anna.waits_until(lambda: anna.messages == [])
    anna.leaves()
    emil.waits_until(lambda: not emil.bot_is_here)


def test_a_browser_that_crashes_says_so(anna: Browser) -> None:
    os.kill(anna.device.process_id, signal.SIGKILL)

    with pytest.raises(AssertionError, match="the browser has ended"):
        anna.waits_until(lambda: False)
    with pytest.raises(AssertionError, match="the browser has ended"):
        anna.starts("nobody")


DIES = """
import os, signal
from tests.matrix.tabs import Tab
print(Tab(print).process_id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_browser_ends_with_the_tests_even_if_they_are_killed() -> None:
    if tabs.node() is None:
        pytest.skip(tabs.NOT_INSTALLED)
    tests = subprocess.run(
        [sys.executable, "-c", DIES], stdout=subprocess.PIPE, text=True, check=False
    )

    assert tests.returncode == -signal.SIGKILL
    with suppress(ProcessLookupError):  # it was quick
        handle = os.pidfd_open(int(tests.stdout))
        has_ended, _, _ = select.select([handle], [], [], 20)
        os.close(handle)
        assert has_ended
