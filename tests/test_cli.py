"""The command line: what an operator does, and what is said when something has to be put right."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import select, update

from bot import clock
from bot.cli import WHERE, main
from bot.cli.places import found
from bot.domain.consents import Agreement
from bot.domain.deletions import ANNOUNCED_FOR
from bot.domain.ideas import HandIn, IdeaKind, PictureId, Pillar
from bot.domain.outcomes import InLine
from bot.domain.people import Joined, JoinStaff, Role
from bot.domain.seats import Register
from bot.services import examples, people, seats
from bot.services.acts import Actor
from bot.services.refusals import OperatorError
from bot.settings import Settings
from bot.store import conversations, ideas, tables
from bot.store.database import Database, Transaction
from tests.town import Town

Call = Callable[..., Result]


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with the example events, to be copied."""
    file = tmp_path_factory.mktemp("example") / "example.sqlite"
    well("migrate", url=f"sqlite:///{file}")
    well("events", "load", "-", url=f"sqlite:///{file}", given=well("events", "example"))
    return file


@pytest.fixture
def url(example: Path, sqlite_url: str) -> str:
    """Give a database with the example events."""
    shutil.copy(example, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty directory, so that no .env of a developer is read."""
    monkeypatch.chdir(tmp_path)


def invoke(*arguments: str, url: str | None = None, given: str | bytes = "") -> Result:
    """Call a command."""
    settings = {"STADTDIALOG_DATA_DIR": "data", "DATABASE_URL": url}
    result = CliRunner(env=settings).invoke(main, arguments, input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def well(*arguments: str, url: str | None = None, given: str | bytes = "") -> str:
    """Call a command that has to succeed, and give its output."""
    result = invoke(*arguments, url=url, given=given)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str, url: str | None = None, given: str | bytes = "") -> str:
    """Call a command that has to refuse, and give its reason."""
    result = invoke(*arguments, url=url, given=given)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


def called(name: str, hour: str, *more: str) -> list[str]:
    """Give the command for somebody who called yesterday."""
    yesterday = clock.now().astimezone(ZoneInfo("Europe/Berlin")) - timedelta(days=1)
    return [
        *("registrations", "add", "--event", "auftakt", "--place", "saal", "--name", name),
        *("--at", f"{yesterday:%Y-%m-%d} {hour}", "--agreed", "broadcast", *more),
    ]


def exported(url: str, *arguments: str) -> list[dict[str, str]]:
    """Export registrations with everything in it."""
    text = well("export", "registrations", "--with-personal-data", *arguments, url=url)
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


class TestHelp:
    def test_every_command_and_every_option_is_explained(self) -> None:
        assert all(f"\n  {name} " in well("--help") for name in WHERE)
        for names in (
            *([name] for name in WHERE),
            *(["events", name] for name in ("load", "example", "access", "capacity", "move-back")),
            *(["registrations", name] for name in ("add", "agree", "cancel", "forget")),
            *(["staff", name] for name in ("invite", "list", "remove")),
        ):
            text = well(*names, "--help")
            options = re.findall(r"^  (--\S+)((?: {1,2}\S+)*)(?:  +|\n +)(.*)", text, re.MULTILINE)
            assert "..." not in text.replace("[ARGS]...", "")
            assert all(explained for _name, _value, explained in options), text

    def test_a_command_that_does_not_exist_is_a_mistake(self) -> None:
        assert "No such command" in refused("dance")


class TestEvents:
    def test_the_example_can_be_loaded_twice_and_nothing_changes(self, sqlite_url: str) -> None:
        file = well("events", "example")
        well("migrate", url=sqlite_url)

        assert well("events", "load", "-", url=sqlite_url, given=file) == (
            "auftakt: new\nvideokonferenz: new\n"
        )
        assert well("events", "load", "-", url=sqlite_url, given=file) == (
            "auftakt: as it was\nvideokonferenz: as it was\n"
        )

    def test_the_example_is_there_as_it_was_published(self) -> None:
        assert "2020-08-20T18:00:00" in well("events", "example", "--as-published")
        assert "2020-08" not in well("events", "example")

    def test_a_changed_file_updates_its_events(self, url: str, tmp_path: Path) -> None:
        file = tmp_path / "events.toml"
        file.write_text(well("events", "example"), encoding="utf-8")
        changed = re.sub(r"capacity = \d+", "capacity = 3", file.read_text("utf-8"), count=1)
        file.write_text(changed, encoding="utf-8")

        assert "auftakt: changed\n" in well("events", "load", str(file), url=url)

    def test_a_dry_run_shows_what_would_change_and_who_would_be_told(self, url: str) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
        file = well("events", "example")
        moved = re.sub(r"(start = .*T)18", r"\g<1>17", file, count=1)
        arguments = ("events", "load", "-", "--dry-run")

        said = invoke(*arguments, url=url, given=moved)
        assert re.fullmatch(
            r"auftakt: changed\nvideokonferenz: as it was\n"
            r"auftakt: start: (\S+) 18:00 -> \1 17:00\ntold: 1 person: a new date or a new venue\n",
            said.stdout,
        )
        assert "Nothing was stored, and nobody was told." in said.stderr
        assert "1 of those whose registration changed have no chat" in said.stderr
        assert "auftakt: as it was\n" in well("events", "load", "-", url=url, given=file)
        assert "auftakt: changed\n" in well("events", "load", "-", url=url, given=moved)

    def test_a_dry_run_shows_a_slip_as_well(self, url: str) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
        past = well("events", "example", "--as-published")
        arguments = ("events", "load", "-", "--dry-run")

        said = invoke(*arguments, url=url, given=past)
        assert said.exit_code == 2
        assert "it would be over already, since 2020-08-20" in said.stderr
        assert "add: --as-written auftakt" in said.stderr
        meant = invoke(*arguments, "--as-written", "auftakt", url=url, given=past)
        assert meant.exit_code == 0

    def test_a_mistake_in_a_file_is_named_with_its_line(self, url: str, tmp_path: Path) -> None:
        file = tmp_path / "events.toml"
        file.write_text("[[event]]\nslug = 7\n", encoding="utf-8")

        reason = refused("events", "load", str(file), url=url)

        assert "events.toml:2: event.slug is 7." in reason
        assert "Traceback" not in reason

    def test_a_mistake_in_standard_input_is_named_too(self, url: str) -> None:
        assert "standard input:1:" in refused("events", "load", "-", url=url, given=b"\xff")

    def test_a_file_that_is_not_there_is_a_mistake(self, url: str) -> None:
        assert "No such file" in refused("events", "load", "nowhere.toml", url=url)

    def test_access_data_are_taken_and_not_shown(self, url: str) -> None:
        arguments = ("events", "access", "videokonferenz", "--place", "zoom")

        said = well(*arguments, url=url, given="https://zoom.example.org/j/1\n")

        assert said == "Stored.\n"
        assert "Give the access data" in refused(*arguments, url=url, given=" \n")

    @pytest.mark.parametrize("command", [("capacity", "3"), ("move-back",), ("access",)])
    def test_a_place_that_is_not_there_is_named_with_those_that_are(
        self, url: str, command: tuple[str, ...]
    ) -> None:
        name, *more = command

        for event, reason in (("x", "no event “x”"), ("auftakt", "but these: saal, stream.")):
            arguments = ("events", name, event, "--place", "dach", *more)
            assert reason in refused(*arguments, url=url, given="x")

    def test_a_stream_has_no_seats_to_set(self, url: str) -> None:
        arguments = ("events", "capacity", "auftakt", "--place", "stream", "5")

        assert "is a stream, which has no seats" in refused(*arguments, url=url)


class TestQr:
    def test_each_picture_leads_where_the_command_says(self, url: str, tmp_path: Path) -> None:
        said = well("qr", "auftakt", "--username", "Dialog_Bot", url=url)

        for name in ("event-auftakt", "idea-auftakt"):
            link = f"https://t.me/Dialog_Bot?start={name}"
            (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / f"{name}.png"))
            assert code.text == link
            assert code.ec_level in {"M", "Q", "H"}
            assert f"{name}.svg, {name}.png: for the " in said
            assert f"\n{link}\n" in said

    @pytest.mark.parametrize(
        ("code", "answer"), [("event-auftakt", "Kick-off"), ("idea-auftakt", "An idea or a wish")]
    )
    def test_the_bot_knows_what_the_codes_stand_for(
        self, town: Town, code: str, answer: str
    ) -> None:
        assert answer in town.citizen("anna").says(f"/start {code}")

    def test_they_are_large_enough_and_have_a_white_border(self, url: str, tmp_path: Path) -> None:
        well("qr", "auftakt", "--username", "Dialog_Bot", url=url)

        with Image.open(tmp_path / "event-auftakt.png") as picture:
            white = picture.convert("L").point(lambda tone: 255 - tone).getbbox()
        svg = (tmp_path / "event-auftakt.svg").read_text(encoding="utf-8")
        (modules,) = re.findall(r'viewBox="0 0 (\d+) \1"', svg)
        module = picture.width // int(modules)
        assert picture.width >= 1000
        assert white == (4 * module, 4 * module, *[picture.width - 4 * module] * 2)
        assert f'fill="#fff" d="M0 0h{modules}v{modules}h-{modules}z"' in svg
        assert not re.search(r"<svg[^>]* (width|height)=", svg)

    def test_they_go_where_one_wants_them_and_may_be_made_again(
        self, url: str, tmp_path: Path
    ) -> None:
        for username in ("Dialog_Bot", "Other_Bot"):
            arguments = ("--username", username, "--directory", "print/codes")
            well("qr", "auftakt", *arguments, url=url)

        files = sorted(path.name for path in (tmp_path / "print/codes").iterdir())
        (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "print/codes/idea-auftakt.png"))
        assert files == [
            *("event-auftakt.png", "event-auftakt.svg", "idea-auftakt.png", "idea-auftakt.svg")
        ]
        assert "Other_Bot" in code.text

    def test_without_a_name_telegram_is_asked(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        telegram = SimpleNamespace(username=lambda _settings: "AskedBot")
        monkeypatch.setitem(sys.modules, "bot.channels.telegram.accounts", telegram)

        assert "https://t.me/AskedBot?start=event-auftakt" in well("qr", "auftakt", url=url)

    def test_on_matrix_one_opens_the_chat_and_types_what_the_command_says(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = {"HOMESERVER": "m.example.org", "USER": "@bot:example.org", "PASSWORD": "x"}
        for name, value in account.items():
            monkeypatch.setenv(f"MATRIX_{name}", value)
        said = well("qr", "auftakt", url=url)

        (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "matrix.png"))
        assert code.text == "https://matrix.to/#/@bot:example.org"
        assert f"\n{code.text}\n" in said
        for typed in ("event-auftakt", "idea-auftakt"):
            assert f"to be typed there: {typed}, for the" in said
        assert not (tmp_path / "event-auftakt.png").exists()

    def test_if_telegram_does_not_answer_nothing_is_made(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent(_settings: Settings) -> str:
            raise OperatorError("Telegram does not answer.")

        telegram = SimpleNamespace(username=silent)
        monkeypatch.setitem(sys.modules, "bot.channels.telegram.accounts", telegram)

        assert "Error: Telegram does not answer.\n" in refused("qr", "auftakt", url=url)
        assert list(tmp_path.glob("*-auftakt.*")) == []

    def test_an_event_that_is_not_there_is_a_mistake(self, url: str) -> None:
        reason = refused("qr", "x", "--username", "Dialog_Bot", url=url)

        assert "There is no event “x”. Load it first: events load FILE." in reason

    @pytest.mark.parametrize("name", ["@Dialog_Bot", "four", "x" * 33, "Dialog-Bot", "Bürgerbot"])
    def test_a_name_that_telegram_would_not_give_is_a_mistake(self, url: str, name: str) -> None:
        assert "without the @" in refused("qr", "auftakt", "--username", name, url=url)

    def test_a_directory_that_cannot_be_one_is_named(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        arguments = ("--username", "Dialog_Bot", "--directory", "file/codes")

        assert "cannot be written to file/codes: " in refused("qr", "auftakt", *arguments, url=url)


class TestRegistrations:
    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("\u3164\u2800", "a name has letters"),
            ("evil.example/login", "a web address is no name"),
        ],
    )
    def test_what_nobody_can_read_aloud_is_no_name(self, url: str, name: str, reason: str) -> None:
        assert reason in refused(*called(name, "10:15", "--phone", "02305 106-2101"), url=url)

    def test_people_who_call_share_the_seats(self, url: str) -> None:
        well("events", "capacity", "auftakt", "--place", "saal", "2", url=url)

        first = well(*called("Erna Maier", "10:15", "--phone", "02305 106-2101"), url=url)
        second = well(
            *called("Emil", "11:00", "--email", "emil@example.org", "--companion", "Ida"), url=url
        )

        assert first == "Seat confirmed: saal, arrival number 1.\n"
        assert second.startswith("Waiting list: saal, position 1, arrival number 2.\n")
        assert re.search(r"^Ida can agree .* companion-[2-9A-Z]{8}$", second, re.MULTILINE)
        assert [row["channel"] for row in exported(url)] == ["telephone", "mail"]
        assert exported(url)[0]["contact"] == "+49 2305 1062101"

    def test_who_called_earlier_stands_before_who_was_entered_earlier(self, url: str) -> None:
        well("events", "capacity", "auftakt", "--place", "saal", "1", url=url)
        well(*called("Seated", "08:00", "--phone", "02305 106-2101"), url=url)
        well(*called("Late", "12:00", "--phone", "02305 106-2101"), url=url)

        said = well(*called("Early", "09:00", "--phone", "02305 106-2101"), url=url)

        assert "position 1," in said

    def test_a_consent_has_to_be_read_to_them(self, url: str) -> None:
        arguments = called("Erna", "10:15", "--phone", "02305 106-2101")
        without = [each for each in arguments if each not in {"--agreed", "broadcast"}]

        reason = refused(*without, url=url)

        assert "Ich bin damit einverstanden" in reason
        assert "--agreed broadcast" in reason
        assert exported(url) == []

    @pytest.mark.parametrize(
        ("more", "reason"),
        [
            ((), "either --phone or --email"),
            (("--phone", "1", "--email", "a@b.de"), "either --phone or --email"),
            (("--phone", "12"), "--phone: a telephone number"),
            (("--phone", "here"), "--phone: a telephone number"),
            (("--email", "nobody"), "--email: an address"),
            (("--phone", "02305 106-2101", "--companion", " "), "--companion: a name"),
            (("--phone", "02305 106-2101", "--name", "1"), "--name: a name"),
            (("--phone", "02305 106-2101", "--agreed", "x"), "“x”, but for these: broadcast."),
            (("--phone", "02305 106-2101", "--at", "5.8.2020"), "“5.8.2020” is no day with a time"),
            (("--phone", "02305 106-2101", "--at", "2999-01-01 00:00"), "not come yet"),
            (("--phone", "02305 106-2101", "--at", "2026-03-29 02:30"), "clocks skip this time"),
            (("--phone", "02305 106-2101", "--at", "2025-10-26 02:30"), "comes twice"),
            (("--phone", "02305 106-2101", "--place", "dach"), "but these: saal, stream."),
            (("--phone", "02305 106-2101", "--event", "x"), "There is no event “x”"),
            (("--phone", "02305 106-2101", *["--companion", "A"] * 20), "has only 12 seats"),
        ],
    )
    def test_a_mistake_is_named_and_nothing_stored(
        self, url: str, more: tuple[str, ...], reason: str
    ) -> None:
        assert reason in refused(*called("Erna", "10:15", *more), url=url)
        assert exported(url) == []

    @pytest.mark.parametrize(
        ("name", "contact"),
        [
            ("Jürgen Weiß", ("--phone", "02305 / 106-2101")),
            ("WEISS, Juergen", ("--phone", "+49 2305 1062101")),
            ("Herr Jurgen Weiss", ("--email", "j.weiss@example.org")),
            ("Ida Groß", ("--phone", "02305 106-2102")),
        ],
    )
    def test_who_is_there_already_is_entered_again_only_if_that_is_said(
        self, url: str, name: str, contact: tuple[str, ...]
    ) -> None:
        first = ("--phone", "02305 106-2101", "--companion", "Ida Groß")
        well(*called("Jürgen Weiß", "10:15", *first), url=url)

        reason = refused(*called(name, "11:15", *contact), url=url)

        assert f"{name} is there already: saal, seat confirmed, arrival number 1.\n" in reason
        assert "Seat confirmed" in well(*called(name, "11:15", *contact, "--again"), url=url)

    def test_who_is_there_by_chat_is_found_as_well(self, url: str) -> None:
        well("events", "capacity", "auftakt", "--place", "saal", "0", url=url)
        database = Database(url)
        with database.transaction() as tx:
            _waits(tx)
        database.close()

        assert "Anna is there already: saal, waiting list, arrival number 1." in refused(
            *called("Anna", "10:15", "--phone", "02305 106-2101"), url=url
        )

    def test_another_contact_is_another_person(self, url: str) -> None:
        well(*called("Erna Maier", "10:15", "--phone", "02305 106-2101"), url=url)
        well(*called("Erna Maier", "10:15", "--phone", "02305 106-2102"), url=url)
        well(*called("Emil Maier", "10:15", "--phone", "02305 106-2101"), url=url)
        gone = ("registrations", "cancel", "--event", "auftakt", "--number", "3")
        well(*gone, url=url)

        well(*called("Emil Maier", "10:15", "--phone", "02305 106-2101"), url=url)

    def test_a_time_that_is_long_ago_is_asked_about(self, url: str) -> None:
        arguments = called("Erna", "10:15", "--phone", "02305 106-2101", "--at", "05.08.2020 10:15")

        assert "and would stand before all who came after that" in refused(*arguments, url=url)
        well(*arguments, "--long-ago", url=url)
        assert exported(url)[0]["arrived_at_local"] == "2020-08-05 10:15:00"

    def test_a_call_that_came_in_time_may_be_entered_after_the_deadline(self, url: str) -> None:
        berlin = clock.now().astimezone(ZoneInfo("Europe/Berlin")).replace(microsecond=0)
        tables_of_events(url, deadline=berlin - timedelta(hours=2))
        phone = ("--phone", "02305 106-2101")

        late = ("--at", f"{berlin - timedelta(hours=1):%d.%m.%Y %H:%M}")
        reason = refused(*called("Emil", "10:15", *phone, *late), url=url)
        assert "Registration for “saal” ended at " in reason
        assert "they called after that" in reason
        in_time = ("--at", f"{berlin - timedelta(hours=3):%d.%m.%Y %H:%M}")
        assert "Seat confirmed" in well(*called("Erna", "10:15", *phone, *in_time), url=url)

    def test_more_seats_after_the_start_move_nobody_up_and_that_is_said(self, url: str) -> None:
        begun = clock.now() - timedelta(minutes=1)
        tables_of_events(url, deadline=begun, starts_at=begun)
        done = invoke("events", "capacity", "auftakt", "--place", "saal", "20", url=url)

        assert done.exit_code == 0
        assert "nobody moves up any more" in done.stderr

    def test_once_the_event_has_begun_that_is_the_reason(self, url: str) -> None:
        berlin = clock.now().astimezone(ZoneInfo("Europe/Berlin"))
        tables_of_events(url, deadline=berlin, starts_at=berlin)
        in_time = ("--at", f"{berlin - timedelta(hours=3):%d.%m.%Y %H:%M}")

        reason = refused(*called("Erna", "10:15", "--phone", "02305 106-2101", *in_time), url=url)

        assert "They called in time" in reason
        assert "“auftakt” has begun" in reason

    def test_where_nobody_registers_that_is_the_reason(self, url: str) -> None:
        arguments = called("Erna", "10:15", "--phone", "02305 106-2101", "--place", "stream")
        without = [each for each in arguments if each not in {"--agreed", "broadcast"}]

        assert "Nobody registers for “stream”" in refused(*without, url=url)

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            (b"J\xfcrgen".decode("utf-8", "surrogateescape"), "is not UTF-8"),
            ("Jürgen".encode().decode("latin-1"), "is not UTF-8"),
            ("JÜRGEN".encode().decode("cp1252"), "is not UTF-8"),
            ("J?rgen", "a letter was lost"),
            ("J\ufffdrgen", "a letter was lost"),
        ],
    )
    def test_a_name_whose_umlauts_were_lost_is_refused(
        self, url: str, name: str, reason: str
    ) -> None:
        assert reason in refused(*called(name, "10:15", "--phone", "02305 106-2101"), url=url)

    def test_staff_cancel_for_a_caller_and_the_seat_passes_on(self, url: str) -> None:
        well("events", "capacity", "auftakt", "--place", "saal", "1", url=url)
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
        well(*called("Emil", "11:15", "--phone", "02305 106-2101"), url=url)

        end = ("registrations", "cancel", "--event", "auftakt", "--number", "1")
        assert well(*end, url=url) == "Cancelled.\n"
        assert [row["state"] for row in exported(url)] == ["cancelled", "confirmed"]
        assert "is cancelled already" in refused(*end, url=url)

    def test_a_caller_who_waits_agrees_to_new_words_and_then_gets_the_seat(
        self, url: str, tmp_path: Path
    ) -> None:
        well("events", "capacity", "auftakt", "--place", "saal", "1", url=url)
        for name, hour in (("Erna", "10:15"), ("Emil", "11:15")):
            well(*called(name, hour, "--phone", "02305 106-2101"), url=url)
        file = tmp_path / "events.toml"
        file.write_text(examples.example(clock.now()).replace('version = "1"', 'version = "2"'))
        well("events", "load", str(file), url=url)
        well("registrations", "cancel", "--event", "auftakt", "--number", "1", url=url)
        assert [row["state"] for row in exported(url)] == ["cancelled", "waiting"]

        agree = ("registrations", "agree", "--event", "auftakt", "--number", "2")
        assert "position 1" in well(*agree, "--agreed", "broadcast", url=url)
        assert [row["state"] for row in exported(url)] == ["cancelled", "confirmed"]

    def test_staff_erase_a_caller(self, url: str) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)

        end = ("registrations", "forget", "--event", "auftakt", "--number", "1")
        assert well(*end, url=url) == "Erased.\n"
        assert "Erna" not in str(exported(url))

    @pytest.mark.parametrize("end", ["cancel", "forget"])
    def test_nobody_else_is_cancelled_or_erased(self, url: str, end: str) -> None:
        command = ("registrations", end, "--event", "auftakt", "--number", "7")
        assert "Nobody who called or wrote has the arrival number 7" in refused(*command, url=url)

    def test_who_has_no_chat_is_left_to_the_operator(self, url: str) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
        fewer = invoke("events", "capacity", "auftakt", "--place", "saal", "0", url=url)
        back = invoke("events", "move-back", "auftakt", "--place", "saal", url=url)

        assert fewer.stderr.startswith("Over by 1: ")
        assert back.stdout == "saal: 1 people moved back\n"
        assert "1 of those whose registration changed have no chat" in back.stderr
        assert exported(url)[0]["state"] == "waiting"

    def test_who_has_a_chat_is_told_there(self, url: str) -> None:
        well("events", "capacity", "auftakt", "--place", "saal", "1", url=url)
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
        database = Database(url)
        with database.transaction() as tx:
            _waits(tx)

        more = invoke("events", "capacity", "auftakt", "--place", "saal", "5", url=url)
        with database.transaction() as tx:
            (payload,) = tx.exec_driver_sql("SELECT payload FROM outbox").scalars()
        database.close()

        assert more.stderr == ""
        assert "Good news" in str(payload)


def tables_of_events(url: str, *, deadline: datetime, starts_at: datetime | None = None) -> None:
    """Let the first event come sooner than its file says."""
    database = Database(url)
    with database.transaction() as tx:
        event = found(tx, "auftakt", "saal")[0]
        tx.execute(update(tables.places).values(deadline=deadline))
        if starts_at is not None:
            where = tables.events.c.id == event.id
            tx.execute(update(tables.events).where(where).values(starts_at=starts_at))
    database.close()


def _waits(tx: Transaction) -> None:
    """Let somebody with a chat on Telegram wait for a seat."""
    now = clock.now()
    key = ("telegram", "4711")
    conversation = conversations.lock(tx, [key], now)[key]
    conversation.language = "en"
    conversations.save(tx, [conversation], now)
    event, place = found(tx, "auftakt", "saal")
    agreed = tuple(Agreement(terms.slug, terms.version, "en", "") for terms in place.consents)
    seats.lock(tx, [event.id])
    command = Register(event.id, place.id, "Anna", agreements=agreed)
    result = seats.carry_out(tx, command, Actor(conversation.person, "telegram", now))
    assert isinstance(result.outcome, InLine)


class TestExport:
    def test_names_are_left_out_unless_they_are_asked_for(self, url: str) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)

        without = well("export", "registrations", url=url)
        with_names = well("export", "registrations", "--with-personal-data", url=url)

        assert "Erna" not in without
        assert "Erna" in with_names

    @pytest.mark.parametrize("subject", ["registrations", "ideas", "consents"])
    def test_json_is_json_and_csv_has_a_head(self, url: str, subject: str) -> None:
        assert json.loads(well("export", subject, "--format", "json", url=url)) == []
        assert ";" in well("export", subject, url=url)

    def test_an_event_that_is_not_there_is_a_mistake(self, url: str) -> None:
        assert "There is no event “x”" in refused("export", "ideas", "--event", "x", url=url)


class TestPictures:
    @pytest.mark.parametrize("target", ["pictures", "pictures.zip"])
    def test_they_are_named_after_their_ideas(self, url: str, tmp_path: Path, target: str) -> None:
        _illustrate(url)

        said = invoke("export", "ideas", "--pictures", target, url=url)

        path = tmp_path / target
        assert said.stdout.count("\n") == 4
        assert said.stderr == f"2 pictures in {target}\n"
        if path.is_dir():
            found = {each.name: each.read_bytes() for each in path.iterdir()}
        else:
            with ZipFile(path) as archive:
                found = {name: archive.read(name) for name in archive.namelist()}
        assert found == {"CR-2020-0001.png": b"one", "CR-2020-0002.jpg": b"two"}
        assert all(each.stat().st_mode & 0o077 == 0 for each in (path, *path.glob("*")))

    def test_they_can_be_those_of_one_event(self, url: str) -> None:
        _illustrate(url)
        arguments = ("export", "ideas", "--event", "auftakt", "--pictures", "x.zip")

        assert invoke(*arguments, url=url).stderr == "0 pictures in x.zip\n"

    def test_where_they_cannot_go_is_named(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        arguments = ("export", "ideas", "--pictures", "file/x")
        assert "cannot be written to file/x: " in refused(*arguments, url=url)
        assert "only ideas" in refused("export", "consents", "--pictures", "x", url=url)


def _illustrate(url: str) -> None:
    """Hand in an idea with a picture of each kind, and one that was taken back."""
    database, now = Database(url), clock.now()
    with database.transaction() as tx:
        person = conversations.lock(tx, [("terminal", "a")], now)["terminal", "a"].person
        for number, (kind, content) in enumerate(
            [("png", b"one"), ("jpeg", b"two"), ("png", b"3")]
        ):
            picture = PictureId(f"p{number}")
            new = ideas.NewPicture(picture, person, f"image/{kind}", content, now)
            ideas.keep_picture(tx, new)
            what = HandIn(IdeaKind.IDEA, Pillar.CITY, "Mehr Bänke", picture=picture)
            added = ideas.add(tx, what, ideas.Entry(f"CR-2020-000{number + 1}", person, None, now))
        ideas.withdraw(tx, added, person)
    database.close()


class TestStaff:
    def test_an_invitation_can_be_used_as_it_is_printed(self, url: str) -> None:
        code = well("staff", "invite", "--role", "registrar", url=url).split("\n")[0]

        database = Database(url)
        with database.transaction() as tx:
            person = conversations.lock(tx, [("terminal", "a")], clock.now())[
                "terminal", "a"
            ].person
            command = JoinStaff(code.removeprefix("staff-"))
            result = people.join(tx, command, Actor(person, "terminal", clock.now()))
        database.close()

        assert result.outcome == Joined(Role.REGISTRAR)

    def test_whoever_is_removed_reads_no_names_from_that_moment_on(self, url: str) -> None:
        member = _employed(url, "registrar")
        listed = well("staff", "list", url=url)

        assert re.fullmatch(
            rf"{member}  registrar, since \d{{4}}-\d\d-\d\d: terminal clerk\n", listed
        )
        assert well("staff", "remove", str(member), url=url) == (
            f"{member} is no longer a member of staff.\n"
        )
        assert "is no member of staff" in refused("staff", "remove", str(member), url=url)
        empty = invoke("staff", "list", url=url)
        assert (empty.stdout, empty.exit_code) == ("", 0)
        assert "Nobody is a member of staff" in empty.stderr

    def test_the_last_admin_goes_only_if_that_is_said(self, url: str) -> None:
        member = str(_employed(url, "admin"))

        assert "is the only admin" in refused("staff", "remove", member, url=url)
        assert "admin" in well("staff", "list", url=url)
        well("staff", "remove", member, "--last-admin", url=url)
        assert well("staff", "list", url=url) == ""

    def test_codes_that_nobody_has_used_can_be_ended(self, url: str) -> None:
        member = str(_employed(url, "registrar"))
        well("staff", "invite", "--role", "admin", url=url)

        assert "\nunused code: admin, until " in well("staff", "list", url=url)
        assert "1 codes are not used yet" in invoke("staff", "remove", member, url=url).stderr
        ended = well("staff", "remove", "--unused-codes", url=url)
        assert ended == "1 unused codes no longer work.\n"
        assert well("staff", "list", url=url) == ""

    @pytest.mark.parametrize("number", [(), ("0",), ("-1",), ("x",), ("9" * 30,)])
    def test_a_number_that_is_none_is_a_mistake(self, url: str, number: tuple[str, ...]) -> None:
        assert "NUMBER" in refused("staff", "remove", *number, url=url)

    def test_there_are_only_these_roles(self, url: str) -> None:
        assert "'mayor' is not one of" in refused("staff", "invite", "--role", "mayor", url=url)


def _employed(url: str, role: str) -> int:
    """Let somebody become a member of staff; gives their number."""
    code = well("staff", "invite", "--role", role, url=url).split("\n")[0]
    database, key = Database(url), ("terminal", "clerk")
    with database.transaction() as tx:
        person = conversations.lock(tx, [key], clock.now())[key].person
        actor = Actor(person, "terminal", clock.now())
        people.join(tx, JoinStaff(code.removeprefix("staff-")), actor)
    database.close()
    return person


class TestMigrate:
    def test_a_second_time_there_is_nothing_to_do(self, database_url: str) -> None:
        assert well("migrate", url=database_url) == "The database is up to date now.\n"
        assert well("migrate", url=database_url) == "Nothing to do.\n"

    @pytest.mark.parametrize(
        "arguments",
        [
            ("export", "ideas"),
            ("staff", "list"),
            ("staff", "invite", "--role", "admin"),
            ("jobs",),
            ("run",),
            ("events", "load", "-"),
            ("qr", "auftakt", "--username", "Dialog_Bot"),
            ("registrations", "cancel", "--event", "auftakt", "--number", "1"),
        ],
    )
    @pytest.mark.parametrize("there", ["nothing", "an empty file", "a foreign database"])
    def test_an_address_where_no_database_is_makes_none(
        self, sqlite_url: str, arguments: tuple[str, ...], there: str
    ) -> None:
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        if there == "an empty file":
            file.touch()
        elif there == "a foreign database":
            with closing(sqlite3.connect(file)) as foreign:
                foreign.execute("CREATE TABLE other (id INTEGER)")
        reason = refused(*arguments, url=sqlite_url)

        assert f"There is no database of Stadtdialog at {file}." in reason
        assert "DATABASE_URL" in reason
        if there == "nothing":
            assert list(file.parent.iterdir()) == []
        else:
            with closing(sqlite3.connect(file)) as left:
                made = left.execute("SELECT name FROM sqlite_master WHERE name != 'other'")
                assert made.fetchall() == []

    def test_a_server_does(self, postgres_url: str) -> None:
        assert "run: stadtdialog migrate" in refused("export", "ideas", url=postgres_url)


class TestBackups:
    def test_a_copy_is_whole_for_its_owner_alone_and_can_be_brought_back(
        self, url: str, tmp_path: Path
    ) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as reader:
            reader.execute("SELECT * FROM persons")  # so that the latest changes stay in the log
            assert "copy.sqlite: whole, " in well("backup", "copy.sqlite", url=url)
        well("registrations", "forget", "--event", "auftakt", "--number", "1", url=url)

        copy = tmp_path / "copy.sqlite"
        assert copy.stat().st_mode & 0o077 == 0
        assert "add: --replace" in refused("restore", "copy.sqlite", url=url)
        assert "is kept: " in well("restore", "copy.sqlite", "--replace", url=url)
        assert [row["name"] for row in exported(url)] == ["Erna"]
        assert Path(url.removeprefix("sqlite:///")).stat().st_mode & 0o077 == 0
        elsewhere = f"sqlite:///{tmp_path / 'new' / 'other.sqlite'}"
        well("restore", "copy.sqlite", url=elsewhere)
        assert well("check", url=elsewhere) == "Whole.\n"

    def test_what_is_there_is_not_overwritten(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "copy").write_text("mine")

        assert "is there already" in refused("backup", "copy", url=url)
        assert (tmp_path / "copy").read_text() == "mine"

    @pytest.mark.parametrize("content", [b"", b"x" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000])
    def test_what_is_no_copy_is_not_brought_back(
        self, url: str, tmp_path: Path, content: bytes
    ) -> None:
        (tmp_path / "copy").write_bytes(content)

        reason = refused("restore", "copy", "--replace", url=url)
        assert "copy is not a whole database of Stadtdialog:" in reason
        assert well("check", url=url) == "Whole.\n"

    def test_damaged_pages_and_pictures_are_found(self, url: str) -> None:
        _illustrate(url)
        assert "CR-2020-0001, CR-2020-0002." in refused("check", url=url)
        file = Path(url.removeprefix("sqlite:///"))
        content = bytearray(file.read_bytes())
        content[8192:] = b"\xff" * (len(content) - 8192)
        file.write_bytes(content)

        assert "is not a whole database" in refused("check", url=url)
        assert "cannot be copied to copy: " in refused("backup", "copy", url=url)
        assert not Path("copy").exists()
        assert not Path("copy.new").exists()

    def test_for_a_server_it_says_what_to_use(self, postgres_url: str) -> None:
        assert "pg_dump" in refused("backup", "copy", url=postgres_url)

    @pytest.mark.parametrize("command", ["backup", "check"])
    def test_where_no_database_is_there_is_nothing_to_copy(
        self, sqlite_url: str, command: str
    ) -> None:
        arguments = (command, "copy") if command == "backup" else (command,)
        assert "There is no database of Stadtdialog at " in refused(*arguments, url=sqlite_url)


BIG = "9" * 40


class TestMistakes:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("registrations", "cancel", "--event", "auftakt", "--number", BIG),
            ("registrations", "cancel", "--event", "auftakt", "--number", "-1"),
            ("registrations", "forget", "--event", "auftakt", "--number", BIG),
            ("registrations", "forget", "--event", "auftakt", "--number", "0"),
            ("events", "capacity", "auftakt", "--place", "saal", BIG),
            ("events", "capacity", "auftakt", "--place", "saal", "2000000000"),
            ("events", "capacity", "auftakt", "--place", "saal", "1e3"),
            ("events", "capacity", BIG, "--place", "saal", "3"),
            ("events", "capacity", "auftakt", "--place", "x" * 5000, "3"),
            ("events", "move-back", "auftakt", "--place", "=1"),
            ("export", "ideas", "--event", "x" * 5000),
            ("export", "ideas", "--format", "xls"),
            ("staff", "invite", "--role", BIG),
            ("staff", "remove", BIG),
            ("qr", "auftakt", "--username", "x" * 5000),
            ("chat", "--as", "x" * 5000),
            ("chat", "--language", "xx"),
        ],
    )
    def test_nonsense_is_named_in_a_line_or_two(self, url: str, arguments: tuple[str, ...]) -> None:
        said = refused(*arguments, url=url)

        assert "went wrong" not in said
        assert "Traceback" not in said

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            *(("--at", value) for value in (BIG, "0001-01-01 00:00", "9999-12-31 23:59", "")),
            *(("--phone", value) for value in (BIG, "+", "x" * 5000)),
            *(("--name", value) for value in ("x" * 5000, "\u200b", "")),
            *(("--companion", value) for value in ("x" * 5000, "\u200b", "")),
            *(("--agreed", value) for value in (BIG, "")),
        ],
    )
    def test_nonsense_about_a_caller_is_named_with_its_option(
        self, url: str, option: str, value: str
    ) -> None:
        arguments = called("Erna", "10:15", "--phone", "02305 106-2101", option, value)

        assert option in refused(*arguments, url=url)

    def test_input_that_is_not_utf_8_is_refused(self, url: str) -> None:
        latin = "Passwort: Käse".encode("latin-1")
        access = ("events", "access", "videokonferenz", "--place", "zoom")

        assert "not UTF-8" in refused(*access, url=url, given=latin)
        assert "UTF-8" in refused("events", "load", "-", url=url, given=latin)

    def test_a_setting_that_is_not_utf_8_is_refused(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("STADTDIALOG_CITY", "M\udcfcnster")

        assert "STADTDIALOG_CITY is not UTF-8" in refused("export", "ideas", url=url)

    def test_an_error_of_the_program_is_short_and_says_where(
        self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_arguments: object) -> None:
            raise LookupError("a secret")

        well("migrate", url=sqlite_url)
        monkeypatch.setattr(people, "invite", broken)

        result = invoke("staff", "invite", "--role", "admin", url=sqlite_url)

        assert result.exit_code == 1
        assert "LookupError (test_cli.py, line" in result.stderr
        assert "a secret" not in result.stderr
        assert "Traceback" not in result.stderr

    def test_a_database_that_does_not_answer_in_the_middle_is_told_so(
        self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def locked(tx: Transaction, *_arguments: object) -> None:
            tx.exec_driver_sql("PRAGMA query_only = 1")
            tx.exec_driver_sql("CREATE TABLE t (x)")

        well("migrate", url=sqlite_url)
        monkeypatch.setattr(people, "invite", locked)

        assert "does not answer" in refused("staff", "invite", "--role", "admin", url=sqlite_url)

    def test_commands_run_beside_a_conversation(self, sqlite_url: str) -> None:
        well("migrate", url=sqlite_url)
        file = sqlite_url.removeprefix("sqlite:///")
        reader = sqlite3.connect(file)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM events").fetchall()

        well("staff", "invite", "--role", "admin", url=sqlite_url)
        reader.close()


class TestJobs:
    def test_the_clock_can_call_the_jobs_without_a_running_program(self, url: str) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)

        assert well("jobs", url=url) == ""
        assert exported(url)[0]["name"] == "Erna"

    def test_what_will_be_deleted_is_listed(self, url: str) -> None:
        well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
        database = Database(url)
        with database.transaction() as tx:
            tx.execute(update(tables.events).values(ends_at=clock.now() - timedelta(days=365)))
        well("jobs", url=url)
        due = (clock.now() + ANNOUNCED_FOR).date()

        assert f"{due} auftakt: names (1 registrations)" in well("jobs", "--announced", url=url)
        assert exported(url)[0]["name"] == "Erna"
        database.close()

    def test_what_is_overdue_is_done(self, url: str) -> None:
        well("staff", "invite", "--role", "admin", url=url)
        database = Database(url)
        with database.transaction() as tx:
            tx.execute(
                update(tables.invitations).values(expires_at=clock.now() - timedelta(days=1))
            )
        well("jobs", url=url)

        with database.transaction() as tx:
            assert tx.execute(select(tables.invitations)).all() == []
        database.close()
