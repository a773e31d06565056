"""Ways in: codes behind a link, and what a start needs of Telegram."""

from __future__ import annotations

import logging

import pytest

from bot.domain.people import Role
from bot.services.refusals import OperatorError
from bot.store.database import Database
from tests.channels.telegram.serving import serving
from tests.channels.telegram.walks import TO_CONTACT, shows, walks
from tests.serving import Serving, invitation
from tests.telegram import Fault, Phone, Telegram
from tests.telegram.refusals import Refusal

pytestmark = pytest.mark.slow


def test_the_operator_is_told_once_that_the_bot_runs(
    telegram: Telegram, anna: Phone, service: Serving
) -> None:
    anna.starts().waits_for("Welcome")

    assert service.said == [f"Stadtdialog is @{telegram.username} on Telegram. Ctrl-C ends it."]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("event-auftakt", "Kick-off: Our city goes digital"),
        ("event-no-such-event", "event"),
        ("idea-auftakt", "What would you like to tell us?"),
        ("nonsense", "Welcome to the public dialogue"),
        ("staff-AAAAAAAA", "Which code were you given?"),
        ("companion-AAAAAAAA", "code"),
        ("-" * 64, "Welcome to the public dialogue"),
    ],
)
def test_a_link_leads_where_its_code_says(anna: Phone, code: str, answer: str) -> None:
    anna.starts(code)

    anna.waits_for(answer)


def test_a_code_makes_one_person_a_member_of_staff(
    telegram: Telegram, anna: Phone, database: Database
) -> None:
    code = invitation(database, Role.REGISTRAR)
    anna.starts()
    anna.types(code)
    anna.waits_for("Welcome to the team!")
    eve = telegram.person("eve", "en").starts()
    eve.types(code)

    eve.waits_for("This code is not valid")


def test_a_companion_answers_by_the_link_that_the_receipt_gives(
    telegram: Telegram, anna: Phone
) -> None:
    walks(telegram, anna, *TO_CONTACT, "here", "Bert Beispiel", "2", "nobody else", "1", "yes")
    receipt = shows(anna, "companion-")
    code = receipt.text[receipt.text.index("companion-") :].split()[0].rstrip(".,)”")
    bert = telegram.person("bert", "en").starts(code)

    bert.waits_for("Hello Bert Beispiel!")


def test_the_language_of_the_phone_is_the_first_language(telegram: Telegram, anna: Phone) -> None:
    erika = telegram.person("erika", "de").starts()
    emile = telegram.person("emile", "fr").starts()
    anna.starts()

    erika.waits_for("Willkommen")
    emile.waits_for("English: /language")
    emile.waits_for("Willkommen")
    anna.waits_for("Welcome")


def test_while_telegram_is_away_at_the_start_the_bot_waits_and_says_so_once(
    telegram: Telegram, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.faults.next("getMe", Fault.bad_gateway(), times=3)
    with serving(telegram, url) as service:
        telegram.waits_until(lambda: telegram.calls.count("getMe") == 3)
        assert service.said == []
        telegram.person("anna", "en").starts().waits_for("Welcome")

    assert caplog.text.count("Telegram does not answer") == 1
    assert caplog.text.count("all is well again") == 1


def test_when_telegram_goes_away_later_the_bot_waits_and_goes_on(
    telegram: Telegram, anna: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    anna.starts().waits_for("Welcome")
    telegram.down()
    anna.types("/help")
    telegram.waits_until(lambda: "Telegram does not answer" in caplog.text)
    telegram.up()

    anna.waits_for("This is what I can do:")
    assert caplog.text.count("Telegram does not answer") == 1


@pytest.mark.parametrize("status", [401, 404])
def test_a_token_that_telegram_does_not_know_ends_the_start(
    telegram: Telegram, url: str, status: int
) -> None:
    telegram.faults.always("getMe", Fault.refusal(Refusal(status, "Unauthorized")))
    with (
        pytest.raises(OperatorError, match="does not accept TELEGRAM_TOKEN") as refused,
        serving(telegram, url) as service,
    ):
        telegram.waits_until(lambda: service.failure is not None)

    assert telegram.token not in str(refused.value)


def test_a_token_that_was_revoked_later_is_said_and_tried_on(
    telegram: Telegram, anna: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    anna.starts().waits_for("Welcome")
    telegram.faults.next("getUpdates", Fault.refusal(Refusal(401, "Unauthorized")), times=2)
    anna.types("/help")
    anna.waits_for("This is what I can do:")
    telegram.waits_until(lambda: telegram.calls.count("getUpdates", status=401) == 2)
    anna.types("/events")

    anna.waits_for("Which event would you like to know about?")
    assert caplog.text.count("no longer accepts TELEGRAM_TOKEN") == 1
    assert [record for record in caplog.records if record.levelno > logging.WARNING] == []
