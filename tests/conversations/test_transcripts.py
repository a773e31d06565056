"""Golden transcripts: whole dialogues as text files, one folder for each language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import clock
from bot.delivery import deliveries
from bot.domain.people import Role
from bot.flows.book import FLOWS
from bot.store.database import Database
from tests.channels.telegram.serving import serving
from tests.conversations import matrix_players, transcripts
from tests.conversations.players import TerminalPlayer, TurnsPlayer
from tests.conversations.stages import Stage
from tests.conversations.telegram_players import TelegramPlayer
from tests.conversations.transcripts import LANGUAGES, Act, Directive, script
from tests.matrix import Homeserver
from tests.telegram import running
from tests.town import Town

EVERY = sorted({name for language in LANGUAGES for name in transcripts.names(language)})
ALL = [(language, name) for language in LANGUAGES for name in transcripts.names(language)]

FILES = Path("data/files")
"""Where the terminal puts files, seen from where it was started."""


def on(kind: str, language: str, name: str, *marks: pytest.MarkDecorator) -> object:
    """Play one on a database: those that take long not in the quick suite."""
    return pytest.param(kind, language, name, marks=marks, id=f"{kind}-{language}-{name}")


@pytest.fixture
def url(founded: Callable[[], str]) -> str:
    return founded()


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    town = Town(Database(url))
    yield town
    town.database.close()


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def clock_of_the_town(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service go by the clock of the town, and note at once what it has sent."""
    monkeypatch.setattr(clock, "now", lambda: town.now)
    monkeypatch.setattr(deliveries, "NOTING_SECONDS", 0.001)


@pytest.fixture
def renews(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--renew-transcripts", default=False))


@pytest.mark.parametrize(
    ("founded", "language", "name"),
    [on("sqlite", "de", name) for name in transcripts.names("de")]
    + [on("sqlite", *each, pytest.mark.slow) for each in ALL if each[0] != "de"]
    + [on("postgresql", "de", name, pytest.mark.slow) for name in transcripts.names("de")],
    indirect=["founded"],
)
@pytest.mark.usefixtures("empty_folder")
def test_the_dialogue_goes_as_written(
    town: Town, language: str, name: str, *, renews: bool
) -> None:
    file = transcripts.path(language, name)
    written = file.read_text(encoding="utf-8")

    played = Stage(town, TurnsPlayer(town, language, FILES)).play(script(written))

    if renews:
        file.write_text(played, encoding="utf-8")
        return
    assert played == written


@pytest.mark.parametrize(
    ("founded", "language", "name"),
    [
        on("sqlite", language, name, pytest.mark.slow if language == "de" else pytest.mark.soak)
        for language, name in ALL
    ],
    indirect=["founded"],
)
def test_the_terminal_says_the_same(
    town: Town, url: str, language: str, name: str, tmp_path: Path
) -> None:
    written = transcripts.path(language, name).read_text(encoding="utf-8")
    terminal = TerminalPlayer(town, url, language, tmp_path)

    performed = Stage(town, terminal).perform(script(written))

    assert transcripts.reading(performed) == transcripts.reading(written)
    assert transcripts.left(performed) == transcripts.left(written)


@pytest.mark.parametrize(
    ("founded", "language", "name"),
    [on("sqlite", language, name, pytest.mark.slow) for language, name in ALL],
    indirect=["founded"],
)
@pytest.mark.usefixtures("clock_of_the_town")
def test_telegram_says_the_same(town: Town, url: str, language: str, name: str) -> None:
    written = transcripts.path(language, name).read_text(encoding="utf-8")

    with running() as telegram, serving(telegram, url):
        played = Stage(town, TelegramPlayer(town, language, telegram)).play(script(written))

    assert transcripts.reading(played) == transcripts.reading(written)
    assert transcripts.left(played) == transcripts.left(written)
    assert telegram.defects == []


@pytest.mark.parametrize(
    ("founded", "language", "name"),
    [on("sqlite", language, name, pytest.mark.slow) for language, name in ALL],
    indirect=["founded"],
)
@pytest.mark.usefixtures("clock_of_the_town")
def test_matrix_says_the_same(
    town: Town, url: str, language: str, name: str, homeserver: Homeserver
) -> None:
    written = transcripts.path(language, name).read_text(encoding="utf-8")

    with matrix_players.playing(homeserver, town, url, language) as player:
        played = Stage(town, player).perform(script(written))

    assert unnumbered(transcripts.reading(played)) == unnumbered(transcripts.reading(written))
    assert transcripts.left(played) == transcripts.left(written)


@pytest.mark.parametrize("name", EVERY)
def test_every_transcript_exists_in_every_language(name: str) -> None:
    assert [language for language in LANGUAGES if name in transcripts.names(language)] == [
        *LANGUAGES
    ]


@pytest.mark.parametrize("name", EVERY)
def test_the_same_is_done_and_comes_of_it_in_every_language(name: str) -> None:
    texts = [transcripts.path(language, name).read_text(encoding="utf-8") for language in LANGUAGES]
    english, *others = [[meaning(part) for part in script(text)] for text in texts]

    for other in others:
        assert [part for part in other if part] == [part for part in english if part]
    assert len({tuple(transcripts.left(text)) for text in texts}) == 1


def unnumbered(reading: dict[str, list[str]]) -> dict[str, list[str]]:
    """Take the full stops away that Matrix writes behind the numbers of choices."""
    return {who: [re.sub(r"^(\d+)\.$", r"\1", word) for word in reading[who]] for who in reading}


def meaning(part: transcripts.Part) -> str:
    """Reduce a line to what is the same in every language."""
    match part:
        case Act(who, words, None):
            return f"{who} says {_kind(words)}"
        case Act(who, _label, button):
            return f"{who} taps {button}"
        case Directive(text):
            return text
        case _:
            return ""


def _kind(words: str) -> str:
    """Name the flow for a command, and numbers as they are; other words differ anyway."""
    if not words.startswith("/"):
        return words if words.isdecimal() else "something in words"
    command, _space, argument = words[1:].partition(" ")
    argument = "something" if argument in LANGUAGES else argument
    for alternatives in ({"back", "zurueck", "zurück"}, {"cancel", "abbrechen"}):
        if command in alternatives:
            return "/" + min(alternatives)
    flow = next((flow for flow in FLOWS.open_to(Role.ADMIN) if command in flow.words), None)
    return f"/{flow.name if flow else 'unknown'} {argument}"
