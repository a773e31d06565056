"""The terminal: a transcript from a pipe, a pleasant chat for somebody at the keyboard."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.channels.terminal import chats, photos
from bot.channels.terminal.chats import Guest, Post, TerminalChat
from bot.channels.terminal.extras import shown
from bot.channels.terminal.markup import Style, laid_out, width
from bot.channels.terminal.replies import written
from bot.channels.terminal.sending import TerminalSender
from bot.delivery import Delivery
from bot.dialogue.flow import Flow, Flows
from bot.dialogue.messages import Reply, Unsupported
from bot.dialogue.questions import OneOf, Option, Text
from bot.dialogue.talk import Talk
from bot.domain.events import Venue
from bot.domain.facts import City
from bot.i18n import _, render
from bot.intake import Intake
from bot.services.attachments import Access, Calendar, Data, Photo
from bot.services.commands import Office
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Letter
from bot.turns import House, Turns
from tests import programs, sample

NARROW = Style(40)


class TestText:
    def test_tags_disappear_and_entities_become_characters(self) -> None:
        assert laid_out("<b>Tom &amp; Ana</b> &lt;3<br><i>x</i>", NARROW) == "Tom & Ana <3\nx"

    def test_a_terminal_with_colours_shows_them(self) -> None:
        assert laid_out("<b>Hi</b> you", Style(40, colours=True)) == "\x1b[1mHi\x1b[0m you"

    def test_a_link_is_followed_by_its_address_unless_it_shows_it(self) -> None:
        text = (
            '<a href="https://a.example/x?b=1&amp;c=2">here</a> <a href="https://b.example">'
            'b.example</a> <a href="mailto:c@example.org">c@example.org</a>'
        )

        assert laid_out(text, Style(80)) == (
            "here (https://a.example/x?b=1&c=2) b.example c@example.org"
        )

    def test_lines_end_at_the_width_of_the_terminal(self) -> None:
        text = "Anmeldungen zählen in der Reihenfolge, in der sie eingehen. " * 5

        lines = laid_out(text, NARROW).split("\n")

        assert max(map(width, lines)) <= 40
        assert " ".join(lines) == text.strip()

    def test_wide_characters_count_twice_and_accents_not_at_all(self) -> None:
        assert width("日本") == 4
        assert width("é") == width("é") == 1
        assert width("\x1b[1mabc\x1b[0m") == 3

    def test_an_address_that_is_longer_than_a_line_stays_whole(self) -> None:
        link = "https://www.example.org/" + "x" * 60

        assert link in laid_out(f"See {link} please", NARROW).split("\n")

    def test_the_lines_of_a_list_hang_under_their_first_word(self) -> None:
        assert laid_out("– one two three four", Style(12)) == "– one two\n  three four"

    def test_nothing_that_somebody_wrote_gives_orders_to_the_terminal(self) -> None:
        assert laid_out("a\x1b[2J&#27;[31mb\x07\x9bc", NARROW) == "a[2J[31mbc"

    def test_what_can_be_chosen_is_numbered_summary_first(self) -> None:
        payload = {
            "text": "Right?",
            "summary": [["Name", "Anna", "r:sure:1"], ["Place", "Room", "r:sure:2"]],
            "choices": [["Yes", "r:sure:yes"], ["A rather long label that needs two lines", "b"]],
        }

        assert written(payload, ["<b>extra</b>"], NARROW) == (
            "Right?\n\nextra\n\n  1  Name: Anna\n  2  Place: Room\n\n"
            "  3  Yes\n  4  A rather long label that needs two\n     lines\n\n"
        )


class TestAttachments:
    def test_a_calendar_becomes_a_file_for_its_owner_only(self, tmp_path: Path) -> None:
        text = shown(Calendar("termin-auftakt.ics", b"BEGIN"), tmp_path / "files")

        file = tmp_path / "files" / "termin-auftakt.ics"
        assert render(text, "en") == f"Calendar file: {file}"
        assert file.read_bytes() == b"BEGIN"
        assert file.stat().st_mode & 0o777 == 0o600

    def test_a_file_in_the_current_directory_is_named_briefly(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)

        assert "Calendar file: files/a.ics" in render(
            shown(Calendar("a.ics", b""), Path("files")), "en"
        )

    def test_a_file_that_cannot_be_written_is_said_so(self, tmp_path: Path) -> None:
        (tmp_path / "files").write_text("in the way")

        text = render(shown(Data(b"{}"), tmp_path / "files"), "en")

        assert text.startswith("I could not save the file")

    def test_a_venue_has_a_link_to_a_map(self) -> None:
        text = render(shown(Venue("DIEZE", "Erinstraße 6"), Path()), "en")

        assert "DIEZE\nErinstraße 6\n" in text
        assert "https://www.openstreetmap.org/search?query=Erinstra%C3%9Fe+6" in text

    def test_a_picture_becomes_a_file_under_the_number_of_its_idea(self, tmp_path: Path) -> None:
        said = shown(Photo("CR-2026-0001.jpg", "image/jpeg", b"seen"), tmp_path)

        assert "CR-2026-0001.jpg" in str(render(said, "en"))
        assert (tmp_path / "CR-2026-0001.jpg").read_bytes() == b"seen"

    def test_access_data_are_the_text_itself(self) -> None:
        assert render(shown(Access("https://zoom.example/j/1?a&b"), Path()), "en") == (
            "https://zoom.example/j/1?a&amp;b"
        )


class TestPictures:
    @pytest.mark.parametrize("line", ["{}", "'{}'", '"{}" ', " {} "])
    def test_a_line_that_names_a_picture_is_the_picture(self, tmp_path: Path, line: str) -> None:
        file = tmp_path / "my photo.JPG"
        file.write_bytes(b"x")

        assert photos.named_in(line.format(file)) == file

    def test_spaces_may_be_escaped_and_the_home_directory_abbreviated(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / "my photo.png").write_bytes(b"x")

        assert photos.named_in(str(tmp_path / "my\\ photo.png")) == tmp_path / "my photo.png"
        assert photos.named_in("~/my photo.png") == tmp_path / "my photo.png"

    @pytest.mark.parametrize("line", ["nowhere.jpg", "/etc/passwd", "a\0.png", "x" * 5000 + ".png"])
    def test_everything_else_is_words(self, line: str) -> None:
        assert photos.named_in(line) is None

    def test_a_file_that_is_no_picture_is_told_so(self, tmp_path: Path) -> None:
        (tmp_path / "a.png").write_text("no picture")

        assert photos.opened(tmp_path / "a.png") == Unsupported("picture")


def _name(talk: Talk) -> Reply:
    name = talk.ask("name", Text(prompt=_("Name?"), max_length=80))
    kind = talk.ask(
        "kind",
        OneOf(prompt=_("Which?"), of=(Option("a", "Apples", "a"), Option("b", "Pears", "b"))),
    )
    return Reply(f"{name} likes {kind}.")


def _lost(talk: Talk) -> Reply:
    return Reply(talk.ask("text", Text(prompt="", max_length=20_000)).upper())


FLOWS = Flows(
    (
        Flow(
            name="start", title=_("Welcome"), script=lambda _talk: Reply("Hello!"), words=("start",)
        ),
        Flow(name="name", title=_("Name"), script=_name, words=("name",), keeps=True),
        Flow(name="lost", title=_("Your message"), script=_lost),
    ),
    keywords="name",
    lost="lost",
)


@dataclass
class Script:
    """A screen in front of which somebody types what was written down beforehand."""

    lines: list[str]
    greets: bool = False
    seconds_to_think: float = 0
    shown: str = ""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    style: Style = field(default_factory=Style)

    async def read(self) -> str | None:
        """Give the next line."""
        await asyncio.sleep(self.seconds_to_think)
        return self.lines.pop(0) if self.lines else None

    async def show(self, text: str) -> None:
        """Keep what was shown."""
        self.shown += text

    def leave(self, farewell: str) -> None:
        """Keep the farewell."""
        self.shown += farewell


@asynccontextmanager
async def chatting(
    database: Database, screen: Script, guest: str = "anna", *, is_new: bool = True
) -> AsyncIterator[asyncio.Task[object]]:
    """Run a chat with tiny flows."""
    house = House(FLOWS, City("Herne", "1", "a@b.de"), Office("HE"), "en")
    with ThreadPoolExecutor(max_workers=1) as thread:
        sender = TerminalSender(screen, database, thread, Path())
        delivery = Delivery(database, thread, sender, chat=guest)
        intake = Intake(Turns(database, house), thread, delivery.post)
        post = Post(database, thread, delivery, sender)
        chat = TerminalChat(screen, Guest(guest, "en", is_new), intake, post)
        tasks = [asyncio.create_task(each) for each in (intake.run(), *chat.activities())]
        yield tasks[1]
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        chat.leave()


async def talk(database: Database, screen: Script, guest: str = "anna") -> str:
    """Run a chat to its end, and give what was shown."""
    async with chatting(database, screen, guest) as talking:
        await talking
    return screen.shown


def owed(database: Database, chat: str, text: str) -> None:
    """Leave a letter that another program has just written and could still send."""
    now = clock.now()
    payload = {"text": text, "language": "en"}
    with database.transaction() as tx:
        letters = [Letter(0, "terminal", chat, payload)]
        outbox.put(tx, letters, now, now + timedelta(seconds=30))


class TestChat:
    async def test_each_line_is_answered_before_the_next_is_read(self, database_url: str) -> None:
        with sample.opened(database_url) as database:
            said = await talk(database, Script(["/name", "Anna", "2"]))

        assert said.startswith("Name?\n\nWhich?\n\n  1  Apples\n  2  Pears\n\nAnna likes b.\n\n")

    @pytest.mark.parametrize("lost", [0xDCFC, 0xFFFD])
    async def test_a_name_whose_umlauts_were_lost_is_not_taken(
        self, sqlite_url: str, lost: int
    ) -> None:
        with sample.opened(sqlite_url) as database:
            said = await talk(database, Script(["/name", f"J{chr(lost)}rgen", "Jürgen", "2"]))

        assert "I cannot read every letter of this line" in " ".join(said.split())
        assert "Jürgen likes b." in said

    async def test_somebody_new_is_greeted_where_somebody_sits(self, sqlite_url: str) -> None:
        with sample.opened(sqlite_url) as database:
            said = await talk(database, Script(["hm"], greets=True))

        assert said.startswith("Hello!\n\nHM\n\n")

    async def test_letters_that_waited_are_shown_first_and_once(self, database_url: str) -> None:
        with sample.opened(database_url) as database:
            owed(database, "anna", "You have a seat!")
            owed(database, "bert", "Not for Anna")
            first = await talk(database, Script(["hm"]))
            second = await talk(database, Script(["hm"]))
            other = await talk(database, Script([]), guest="bert")

        assert first.startswith("While you were away:\n\nYou have a seat!\n\nHM\n\n")
        assert second.startswith("HM\n\n")
        assert "Not for Anna" not in first
        assert "Not for Anna" in other

    async def test_a_letter_from_another_program_appears_while_one_thinks(
        self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chats, "LOOK_SECONDS", 0.01)
        screen = Script(["hm"], seconds_to_think=0.3)
        with sample.opened(sqlite_url) as database:
            async with chatting(database, screen) as talking:
                await asyncio.sleep(0.1)
                owed(database, "anna", "You have a seat!")
                await talking

        assert screen.shown.startswith("You have a seat!\n\nHM\n\n")

    async def test_two_people_at_two_terminals_are_two_people(self, sqlite_url: str) -> None:
        with sample.opened(sqlite_url) as database:
            await talk(database, Script(["/name", "Anna"]))
            said = await talk(database, Script(["Bert"]), guest="bert")

        assert said.startswith("BERT\n\n")

    async def test_a_letter_that_nobody_reads_stays_in_the_outbox(self, sqlite_url: str) -> None:
        screen = Script(["/name", "Anna"])
        screen.gone.set()
        with sample.opened(sqlite_url) as database:
            async with chatting(database, screen):
                await asyncio.sleep(0.2)
            said = await talk(database, Script([]))

        assert said.startswith("While you were away:\n\nName?\n\n")

    async def test_while_the_database_is_away_the_person_is_told_so_once(
        self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chats, "PATIENCE_SECONDS", 0.1)
        screen = Script(["hm"], seconds_to_think=0.3)
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        with sample.opened(sqlite_url) as database:
            async with chatting(database, screen) as talking:
                await asyncio.sleep(0.1)
                other.execute("BEGIN IMMEDIATE")
                await asyncio.sleep(0.8)
                in_between = screen.shown
                other.execute("ROLLBACK")
                await talking
        other.close()

        assert in_between.startswith("I have your message")
        assert screen.shown.count("I have your message") == 1
        assert "\n\nHM\n\n" in screen.shown


def chat(directory: Path, text: str | bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """Talk to the program from a pipe."""
    return programs.run("chat", "--example", *options, directory=directory, text=text)


@pytest.mark.slow
class TestPipe:
    def test_the_output_is_a_transcript_and_the_end_of_input_the_end(self, tmp_path: Path) -> None:
        done = chat(tmp_path, "/events\n1\n/cancel")

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("> /events\n")
        assert "\n\n  1  " in done.stdout
        assert "\n\n> 1\n" in done.stdout
        assert "\n\n> /cancel\n" in done.stdout
        assert "\x1b" not in done.stdout

    def test_without_input_there_is_nothing_to_say(self, tmp_path: Path) -> None:
        done = chat(tmp_path, "")

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_bytes_that_are_no_text_are_replaced(self, tmp_path: Path) -> None:
        done = chat(tmp_path, b"/help\xff\xfe\n/help\r\n\x1b[2J\xc3\n")

        assert (done.returncode, done.stderr) == (0, "")
        assert "> /help\ufffd\ufffd\n" in done.stdout
        assert "> /help\n" in done.stdout
        assert "\x1b" not in done.stdout

    @pytest.mark.parametrize(
        "line", ["", "   ", "x" * 4096, "ä" * 300_000, "🎉", "\u202eabc\u200b"]
    )
    def test_whatever_is_typed_gets_an_answer(self, tmp_path: Path, line: str) -> None:
        done = chat(tmp_path, f"/idea\n{line}\n")

        question, answer = done.stdout.split(f"> {line}\n")
        assert (done.returncode, done.stderr) == (0, "")
        assert question
        assert answer.strip()

    def test_a_closed_output_ends_quietly_and_loses_nothing(self, tmp_path: Path) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            programs.command("chat", "--example"),
            input=b"/events\n" * 50,
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=programs.environment(tmp_path / "data", {}),
            timeout=30,
            check=False,
        )
        os.close(writing)

        assert (done.returncode, done.stderr) == (0, b"")

    def test_an_encoding_without_umlauts_is_no_reason_to_fail(self, tmp_path: Path) -> None:
        done = programs.run(
            "chat", "--example", directory=tmp_path, text="für 日本\n", PYTHONIOENCODING="ascii"
        )

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("> f?r ??\n")

    def test_the_language_can_be_chosen_at_any_time(self, tmp_path: Path) -> None:
        english = chat(tmp_path, "/cancel\n", "--language", "en")
        german = chat(tmp_path, "/cancel\n", "--language", "de")

        assert english.stdout != german.stdout or "nothing to cancel" in german.stdout

    def test_a_pipe_needs_no_line_editing(self, tmp_path: Path) -> None:
        code = (
            "import sys; sys.argv = ['stadtdialog', 'chat', '--example']\n"
            "from bot.cli import main\n"
            "try: main()\n"
            "finally: sys.exit(len({'prompt_toolkit', 'PIL', 'psycopg'} & set(sys.modules)))"
        )
        for _turn in range(2):
            done = subprocess.run(
                [programs.command()[0], "-c", code],
                input=b"/events\n",
                capture_output=True,
                cwd=tmp_path,
                env=programs.environment(tmp_path / "data", {}),
                check=False,
            )

            assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
class TestKeyboard:
    def test_somebody_new_is_greeted_and_may_leave_with_ctrl_d(self, tmp_path: Path) -> None:
        with programs.terminal("chat", "--example", directory=tmp_path) as terminal:
            welcome = terminal.waits_for("  4  ")
            terminal.waits_for("> ")
            terminal.types("1\r")
            terminal.waits_for("  2  ")
            terminal.waits_for("> ")
            terminal.types("\x04")
            terminal.waits_for("Goodbye!")
            assert terminal.ends() == 0

        assert max(map(width, welcome.split("\n"))) <= 40

    def test_ctrl_c_is_a_polite_way_to_leave(self, tmp_path: Path) -> None:
        with programs.terminal("chat", "--example", directory=tmp_path) as terminal:
            terminal.waits_for("> ")
            terminal.types("half a sen")
            terminal.waits_for("sen")
            terminal.types("\x03")
            terminal.waits_for("Goodbye!")
            assert terminal.ends() == 0

        assert "Traceback" not in terminal.seen

    def test_somebody_known_is_not_greeted_again(self, tmp_path: Path) -> None:
        chat(tmp_path, "/cancel\n")
        with programs.terminal("chat", "--example", directory=tmp_path) as terminal:
            before = terminal.waits_for("> ")

        assert "Welcome" not in before

    def test_commands_are_completed(self, tmp_path: Path) -> None:
        with programs.terminal("chat", "--example", directory=tmp_path) as terminal:
            terminal.waits_for("> ")
            terminal.types("/even")
            terminal.waits_for("/events")

    def test_a_notice_from_another_program_appears_above_the_prompt(self, tmp_path: Path) -> None:
        with programs.terminal("chat", "--example", directory=tmp_path) as terminal:
            terminal.waits_for("  4  ")
            terminal.waits_for("> ")
            database = Database(f"sqlite:///{tmp_path}/data/stadtdialog.sqlite")
            owed(database, "citizen", "You have a seat!")
            database.close()
            terminal.waits_for("You have a seat!")
            terminal.waits_for("> ")
