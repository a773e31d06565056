"""Long polling: nothing is acknowledged that is not committed, and nothing stops the line."""

from __future__ import annotations

import time

import orjson
import pytest

from bot.channels.telegram.polling import SLOW_SECONDS
from bot.store.database import Database
from tests.channels.telegram.serving import serving, settle
from tests.channels.telegram.walks import locked
from tests.serving import Serving
from tests.telegram import Fault, Phone, Telegram
from tests.telegram.refusals import Json, conflict

pytestmark = pytest.mark.slow


def tells(telegram: Telegram, update: Json) -> None:
    """Let Telegram give the bot an update of any form."""
    queue = telegram.bot.queue
    with telegram.records.changed:
        pushed = queue.push("message", ("chat", 1), {})
        assert pushed is not None
        body = orjson.dumps({"update_id": pushed.id} | update)
        queue.waiting[pushed.id] = type(pushed)(pushed.id, pushed.kind, pushed.line, body)
        telegram.records.wake(telegram.bot)


def test_without_a_webhook_the_bot_fetches_its_messages(telegram: Telegram, anna: Phone) -> None:
    anna.starts().waits_for("Welcome")

    asked = telegram.calls.of("getUpdates")[0].parameters
    assert asked["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "message_reaction",
    ]
    assert telegram.bot.webhook is None


def test_what_is_not_committed_is_not_acknowledged(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    anna.starts().waits_for("Welcome")
    with locked(database):
        anna.taps("See the events")
        telegram.waits_until(lambda: not anna.spinning)
        anna.hears_nothing(2 * SLOW_SECONDS)
        assert telegram.pending == 1

    anna.waits_for("Which event would you like to know about?")
    telegram.waits_until_read()


def test_what_comes_again_counts_once(telegram: Telegram, url: str, database: Database) -> None:
    anna = telegram.person("anna", "en")
    with serving(telegram, url):
        with locked(database):
            anna.starts()
            [update] = telegram.bot.queue.waiting.values()
        anna.waits_for("Welcome")
        settle(telegram, database)
    telegram.bot.queue.waiting[update.id] = update
    with serving(telegram, url):
        anna.types("/help")
        anna.waits_for("This is what I can do:")
        settle(telegram, database)

    assert len([each for each in anna.messages if each.text.startswith("Welcome")]) == 1


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"message": None},
        {"message": "no message"},
        {"message": {"message_id": 1}},
        {"message": {"message_id": "x", "chat": {"id": 1, "type": "private"}, "text": "a"}},
        {"message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": 5}},
        {"message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "photo": [{}]}},
        {"message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "from": {}}},
        {"callback_query": {"id": "1"}},
        {"my_chat_member": {"chat": {"id": 1, "type": "private"}}},
        {"something_new": {"of": ["next", "year"]}},
    ],
    ids=str,
)
def test_a_broken_update_is_set_aside_and_does_not_stop_the_line(
    telegram: Telegram, anna: Phone, service: Serving, update: Json
) -> None:
    anna.starts().waits_for("Welcome")
    tells(telegram, update)
    anna.types("/help")

    anna.waits_for("This is what I can do:")
    telegram.waits_until_read()
    assert service.failure is None


def test_an_update_that_is_set_aside_is_logged_without_its_words(
    telegram: Telegram, anna: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    tells(telegram, {"message": {"message_id": 1, "chat": "of Erika Beispiel", "text": "secret"}})
    anna.starts().waits_for("Welcome")

    assert "an update that cannot be read is set aside as" in caplog.text
    assert "Erika" not in caplog.text
    assert "secret" not in caplog.text


def test_a_webhook_of_an_earlier_time_is_taken_down(telegram: Telegram, url: str) -> None:
    anna = telegram.person("anna", "en")
    with serving(telegram, url, webhook=True):
        anna.starts().waits_for("Welcome")
        hook = telegram.bot.webhook
    telegram.bot.webhook = hook
    with serving(telegram, url):
        anna.types("/help")
        anna.waits_for("This is what I can do:")

    assert telegram.bot.webhook is None


def test_another_program_with_the_same_token_is_said_once_and_tried_on(
    telegram: Telegram, anna: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    anna.starts().waits_for("Welcome")
    conflicts = Fault.refusal(conflict("terminated by other getUpdates request"))
    for number in range(1, 4):
        telegram.faults.next("getUpdates", conflicts)
        anna.types("/help")
        anna.waits_for("This is what I can do:")
        telegram.waits_until(
            lambda count=number: telegram.calls.count("getUpdates", status=409) == count  # type: ignore[misc]
        )

    assert caplog.text.count("another program takes the messages of this bot") == 1
    assert "end it, or use another token" in caplog.text
    assert "well again" not in caplog.text


def test_after_a_conflict_it_is_tried_less_and_less_often(telegram: Telegram, url: str) -> None:
    conflicts = Fault.refusal(conflict("terminated by other getUpdates request"))
    telegram.faults.next("getUpdates", conflicts, times=3)
    begun = time.time()
    with serving(telegram, url):
        telegram.person("anna", "en").starts().waits_for("Welcome")

    asked = [call.at for call in telegram.calls.of("getUpdates")]
    pauses = [after - before for before, after in zip([begun, *asked], asked, strict=False)][1:4]
    assert pauses[0] >= 0.5
    assert pauses[1] >= 1.0
    assert pauses[2] >= 2.0


def test_a_request_to_slow_down_is_obeyed(telegram: Telegram, url: str) -> None:
    telegram.faults.next("getUpdates", Fault.too_many(2))
    with serving(telegram, url):
        telegram.person("anna", "en").starts().waits_for("Welcome")

    first, second, *_others = telegram.calls.of("getUpdates")
    assert second.at - first.at >= 2
