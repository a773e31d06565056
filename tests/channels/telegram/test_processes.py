"""The program as a platform runs it: the lines of the Procfile, signals, and what it says."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.channels.telegram.processes import Process, line, started
from tests.channels.telegram.serving import environment
from tests.channels.telegram.walks import locked
from tests.telegram import Phone, Telegram

pytestmark = pytest.mark.slow

RUNS = "Stadtdialog is @stadtdialog_test_bot on Telegram."
RUN = ["stadtdialog", "run"]


@pytest.fixture
def released(postgres_url: str, telegram: Telegram, tmp_path: Path) -> str:
    """Release the program onto an empty PostgreSQL, as the Procfile says."""
    settings = environment(telegram, postgres_url)
    with started(line("release"), tmp_path / "release", settings) as release:
        assert release.ends() == 0, release.log
    return postgres_url


@pytest.fixture
def anna(telegram: Telegram) -> Phone:
    """Give Anna a phone."""
    return telegram.person("anna", "en")


@pytest.fixture
def running_alone(telegram: Telegram, url: str, tmp_path: Path) -> Iterator[Process]:
    """Run everything in one process, with as much of a log as there is."""
    settings = environment(telegram, url) | {"STADTDIALOG_LOG_LEVEL": "DEBUG"}
    with started(RUN, tmp_path / "run", settings) as program:
        program.says(RUNS)
        yield program


def refused(directory: Path, settings: dict[str, str]) -> str:
    """Start a program that cannot run, and give the reason."""
    with started(RUN, directory, settings) as program:
        assert program.ends() == 2, program.log
        assert "Traceback" not in program.log
        return program.log


def test_web_and_worker_serve_together_as_the_procfile_says(
    telegram: Telegram, released: str, tmp_path: Path, anna: Phone
) -> None:
    settings = environment(telegram, released, webhook=True)
    with (
        started(line("worker"), tmp_path / "worker", settings) as worker,
        started(line("web"), tmp_path / "web", settings) as web,
    ):
        web.says(RUNS)
        worker.says(RUNS)
        telegram.waits_until(lambda: telegram.bot.webhook is not None)
        anna.starts().waits_for("Welcome")
        assert telegram.calls.count("getUpdates") == 0
        assert [web.ends(signal.SIGTERM), worker.ends(signal.SIGTERM)] == [0, 0]

    assert telegram.bot.webhook is None


def test_web_without_a_webhook_serves_nothing_but_its_health(
    telegram: Telegram, released: str, tmp_path: Path, anna: Phone
) -> None:
    port = environment(telegram, released, webhook=True)["PORT"]
    settings = environment(telegram, released) | {"PORT": port}
    with (
        started(line("web"), tmp_path / "web", settings) as web,
        started(line("worker"), tmp_path / "worker", settings) as worker,
    ):
        web.says(RUNS)
        anna.starts().waits_for("Welcome", 30)
        assert [web.ends(signal.SIGTERM), worker.ends(signal.SIGTERM)] == [0, 0]

    assert telegram.bot.webhook is None
    assert telegram.calls.count("setWebhook") == 0


def test_a_second_worker_stands_by_and_takes_over_when_the_first_is_killed(
    telegram: Telegram, released: str, tmp_path: Path, anna: Phone
) -> None:
    settings = environment(telegram, released) | {"STADTDIALOG_LOG_LEVEL": "INFO"}
    with started(line("worker"), tmp_path / "first", settings) as first:
        anna.starts().waits_for("Welcome", 30)
        with started(line("worker"), tmp_path / "second", settings) as second:
            second.says("this one stands by")
            assert telegram.calls.count("getUpdates", status=409) == 0
            first.ends(signal.SIGKILL)
            anna.types("/help")

            anna.waits_for("This is what I can do:", 20)
            assert second.ends(signal.SIGTERM) == 0


def test_a_worker_that_ends_hands_over_at_once(
    telegram: Telegram, released: str, tmp_path: Path, anna: Phone
) -> None:
    settings = environment(telegram, released) | {"STADTDIALOG_LOG_LEVEL": "INFO"}
    with started(line("worker"), tmp_path / "first", settings) as first:
        anna.starts().waits_for("Welcome", 30)
        with started(line("worker"), tmp_path / "second", settings) as second:
            second.says("this one stands by")
            assert first.ends(signal.SIGTERM) == 0
            anna.types("/help")
            anna.waits_for("This is what I can do:", 20)
            assert second.ends(signal.SIGTERM) == 0

    assert "another program" not in first.log + second.log.replace("another program does", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_everything_answered(
    telegram: Telegram, running_alone: Process, database: Database, anna: Phone, number: int
) -> None:
    anna.starts().waits_for("Welcome")
    with locked(database):
        anna.taps("See the events")
        telegram.waits_until(lambda: not anna.spinning)
        running_alone.process.send_signal(number)

    assert running_alone.ends() == 0
    assert "There is no event at the moment." in anna.last.text
    assert "Traceback" not in running_alone.log


def test_it_ends_although_telegram_is_away(telegram: Telegram, url: str, tmp_path: Path) -> None:
    telegram.down()
    with started(RUN, tmp_path / "run", environment(telegram, url)) as program:
        program.says("Telegram does not answer")
        assert program.ends(signal.SIGTERM) == 0

    assert "Traceback" not in program.log


def test_no_secret_and_nothing_personal_is_ever_logged(
    telegram: Telegram, running_alone: Process, anna: Phone
) -> None:
    anna.starts().waits_for("Welcome")
    for text in ("/idea", "1", "Kanarienvogel", "1", "change name", "Erika Beispiel"):
        anna.types(text)
        telegram.waits_until_read()
    anna.sends_sticker()
    anna.shares_contact()
    anna.taps_data("forged-Kanarienvogel")
    telegram.down()
    running_alone.says("Telegram does not answer")
    telegram.up()
    anna.types("/help")
    running_alone.says("all is well again")
    assert running_alone.ends(signal.SIGTERM) == 0

    for secret in ("Kanarienvogel", "Erika", str(anna.id), "Anna", telegram.token, "/idea"):
        assert secret not in running_alone.log
    assert telegram.token.partition(":")[2] not in running_alone.log


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "123:secret-and-too-short"),
        ("TELEGRAM_API_URL", "nowhere"),
        ("TELEGRAM_WEBHOOK_URL", "ftp://bot.example.org"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("STADTDIALOG_HOST", "no.address.example"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    telegram: Telegram, url: str, tmp_path: Path, name: str, value: str
) -> None:
    reason = refused(tmp_path / "run", environment(telegram, url) | {name: value})

    assert reason.startswith(f"Error: {name} ")
    assert "secret" not in reason


def test_without_a_network_it_says_which_setting_is_missing(
    telegram: Telegram, url: str, tmp_path: Path
) -> None:
    settings = environment(telegram, url)
    del settings["TELEGRAM_TOKEN"]

    assert "Set TELEGRAM_TOKEN" in refused(tmp_path / "run", settings)


def test_a_wrong_token_is_said_and_not_repeated(
    telegram: Telegram, url: str, tmp_path: Path
) -> None:
    wrong = "123456789:" + "x" * 35
    reason = refused(tmp_path / "run", environment(telegram, url) | {"TELEGRAM_TOKEN": wrong})

    assert "Telegram does not accept TELEGRAM_TOKEN." in reason
    assert wrong not in reason
