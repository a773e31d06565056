"""The documents are true: what they name exists, and what they have to name is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from babel.messages.pofile import read_po

from bot.cli import WHERE, main
from bot.dialogue.flow import Flow, Flows
from bot.domain.people import Role
from bot.flows.book import FLOWS
from bot.flows.register import REGISTER
from bot.flows.welcome import LOST, WELCOME
from bot.jobs import JOBS
from bot.settings import Settings
from bot.turns import Turns
from tests.town import HOUSE, Town

ROOT = Path(__file__).parent.parent
BOT, OPERATIONS, GLOSSARY = ROOT / "bot", ROOT / "docs/operations.md", ROOT / "docs/glossary.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MACHINES = re.compile(r"(?<![\w.])/(?:work|home|root|tmp|opt|mnt|Users)/|pypi|pythonhosted|npmjs")
LONGEST_README = 120

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """Give a document without its examples."""
    return SPAN.sub("", FENCE.sub("", read(path)))


def examples(path: Path) -> list[str]:
    """Give everything that a document shows as code; a long command is one line."""
    text = read(path).replace("\\\n", " ")
    lines = [line for found in FENCE.finditer(text) for line in found[2].splitlines()]
    return [*lines, *SPAN.findall(FENCE.sub("", text))]


def rows(path: Path, heading: str) -> list[list[str]]:
    """Read the table that stands first below a heading, without its head."""
    below = read(path).split(f"\n{heading}\n", 1)[1]
    table = re.findall(r"(?:^\|.*\n)+", below, re.MULTILINE)[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", read(path)), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


class TestEveryDocument:
    @each_document
    def test_links_lead_somewhere(self, path: Path) -> None:
        for link in LINK.findall(prose(path)):
            file, _, anchor = link.partition("#")
            if file.startswith("https://"):
                continue
            target = (path.parent / file).resolve() if file else path
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link

    @each_document
    def test_no_machine_and_no_registry_is_named(self, path: Path) -> None:
        assert MACHINES.findall(read(path)) == []

    @each_document
    def test_make_knows_the_targets(self, path: Path) -> None:
        known = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
        for example in examples(path):
            for named in re.findall(r"(?:^|\s)make((?: +-?[a-z]+)+)", example):
                targets = {name for name in named.split() if not name.startswith("-")}
                assert targets <= known, example

    @each_document
    def test_the_command_line_knows_commands_and_options(self, path: Path) -> None:
        for example in examples(path):
            for invocation in re.findall(r"\bstadtdialog ((?!COMMAND)[a-z-].*)", example):
                words = re.split(r"[|>#;]", invocation)[0].split()
                command = found(words)
                known = {name for parameter in command.params for name in parameter.opts}
                used = {word for word in words if word.startswith("--")}
                assert used <= known | {"--help", "--version"}, example

    def test_an_option_that_stands_alone_is_one_of_a_command(self) -> None:
        named = {span for span in SPAN.findall(read(OPERATIONS)) if span.startswith("--")}

        assert named <= {name for _, each in leaves() for one in each.params for name in one.opts}

    def test_decisions_are_numbered(self) -> None:
        decisions = sorted((ROOT / "docs/decisions").iterdir())

        for number, path in enumerate(decisions, 1):
            assert re.fullmatch(rf"{number:04}-[a-z0-9-]+\.md", path.name)
            assert read(path).startswith(f"# {number}. ")


def found(words: list[str]) -> click.Command:
    """Walk down to the command that words name; without a subcommand it is the group."""
    command: click.Command = main
    for word in words:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        below = command.get_command(click.Context(command), word)
        assert below is not None, words
        command = below
    return command


def leaves() -> Iterator[tuple[str, click.Command]]:
    """List every command that does something, with its name."""
    for name in WHERE:
        command = found([name])
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", each) for below, each in command.commands.items())
        else:
            yield name, command


class TestReadme:
    path = ROOT / "README.md"

    def test_it_is_short(self) -> None:
        assert len(read(self.path).splitlines()) <= LONGEST_README

    def test_every_word_that_starts_a_conversation_is_documented(self) -> None:
        documented = read(self.path) + read(OPERATIONS)

        for flow in FLOWS.open_to(Role.ADMIN):
            assert [word for word in flow.words if f"`/{word}" not in documented] == []

    def test_the_transcript_is_what_the_program_says(self, town: Town) -> None:
        said = (
            *("/anmelden auftakt", "1", "ja", "Erika Beispiel"),
            *("für mich selbst", "hier", "ich komme allein", "nein, nichts", "ja"),
        )
        erika = town.citizen("erika", "de")
        played = [line for words in said for line in (f"> {words}", *erika.says(words).split("\n"))]
        transcript = next(
            found[2] for found in FENCE.finditer(read(self.path)) if "\n> " in found[2]
        )

        remaining = iter(dateless(line) for line in played)
        for line in transcript.splitlines():
            if line not in {"", "…"}:
                assert dateless(line) in remaining, line


def dateless(line: str) -> str:
    """Take the day out of a line: the example events always lie ahead."""
    line = re.sub(r"\d\d\.\d\d\.", "DAY", line)
    return re.sub(r"\d+\. \w+ \d{4}", "DATE", line)


class TestArchitecture:
    def test_what_belongs_somewhere_has_somewhere_to_go(self) -> None:
        names = {path.name for path in BOT.rglob("*.py")}
        for row in rows(ROOT / "docs/architecture.md", "## Where do I put ...?"):
            for span in SPAN.findall(row[1]):
                if span != "_()":
                    assert (ROOT / span).exists() or span in names, span
            for span in SPAN.findall(row[2]):
                last = re.split(r"[. ]", span.removesuffix(".py").strip("/"))[-1]
                assert last in source() or any(BOT.rglob(f"{last}*")), span


class TestOperations:
    def test_every_setting_stands_there_as_the_program_knows_it(self) -> None:
        told = rows(OPERATIONS, "## Settings")

        assert told == [
            [
                f"`{each.metadata['name']}`",
                each.metadata["meaning"],
                "none" if each.default is None else f"`{each.default}`",
            ]
            for each in fields(Settings)
        ]

    def test_every_job_stands_there_in_its_order(self) -> None:
        assert [row[0] for row in rows(OPERATIONS, "## What runs when")] == [
            f"`{name}`" for name in JOBS
        ]

    def test_every_role_stands_there(self) -> None:
        assert [row[0] for row in rows(OPERATIONS, "## Staff")] == [f"`{role}`" for role in Role]

    def test_every_command_and_every_option_stands_there(self) -> None:
        text = read(OPERATIONS)

        for name, command in leaves():
            assert f"stadtdialog {name}" in text
            for parameter in command.params:
                if isinstance(parameter, click.Option):
                    assert parameter.opts[-1] in text, name

    @pytest.mark.slow
    def test_the_program_says_what_the_table_says(self) -> None:
        told = messages()
        for heading in ("## What to do when ...", "In the log:"):
            for row in rows(OPERATIONS, heading):
                (shown,) = SPAN.findall(row[0])[:1]
                parts = [part.strip() for part in shown.split("…") if part.strip(" .:,“”")]
                assert any(in_order(parts, message) for message in told), shown

    def test_whatever_is_logged_is_explained(self) -> None:
        explained = {
            span for row in rows(OPERATIONS, "In the log:") for span in SPAN.findall(row[0])
        }
        logs = r'(?:log\.\w+\(|self\._say\(|Tally\(log,)\s*"([^"]+?)(?:\\n[^"]*)?"'
        logged = set(re.findall(logs, source()))

        assert {re.sub(r"%[sd]", "…", each) for each in logged} == explained


def in_order(parts: list[str], text: str) -> bool:
    start = 0
    for part in parts:
        start = text.find(part, start)
        if start < 0:
            return False
    return True


@cache
def source() -> str:
    """Give the whole program."""
    return "\n".join(read(path) for path in sorted(BOT.rglob("*.py")))


def messages() -> set[str]:
    """Collect every text of the program as it is put together, "…" for what is filled in."""
    modules = (ast.parse(read(path)) for path in BOT.rglob("*.py"))
    return {_text(node) for module in modules for node in ast.walk(module)}


def _text(node: Any) -> str:  # noqa: ANN401 (whatever a syntax tree has)
    match node:
        case ast.Constant(value=str(text)):
            return re.sub(r"%[sd]", "…", text)
        case ast.JoinedStr(values=values):
            return "".join(_text(value) or "…" for value in values)
        case _:
            return ""


class TestGlossary:
    def test_every_term_is_a_word_of_the_program(self) -> None:
        for heading in ("## Words that citizens meet", "## Words of the program"):
            for row in rows(GLOSSARY, heading):
                term = row[0].strip("`").lower()
                assert re.search(rf"(?<![a-z]){term}", source().lower()), term

    @pytest.mark.parametrize(
        ("column", "files"), [(2, "de/**/*.po"), (3, "de@leicht/**/*.po")], ids=["de", "de@leicht"]
    )
    def test_every_german_word_is_one_that_citizens_read(self, column: int, files: str) -> None:
        catalogue = " ".join(translated(files))

        for row in rows(GLOSSARY, "## Words that citizens meet"):
            words = re.findall("„([^“]+)“", row[column])
            assert words or row[column] == "–", row
            assert [word for word in words if word not in catalogue] == []


def translated(files: str) -> Iterator[str]:
    for path in (ROOT / "locales").glob(files):
        with path.open("rb") as po:
            for message in read_po(po):
                string = message.string or ""
                yield from [string] if isinstance(string, str) else string


class TestContributing:
    def test_the_worked_example_works(self, town: Town) -> None:
        script, test = (
            found[2]
            for found in FENCE.finditer(read(ROOT / "CONTRIBUTING.md"))
            if found[1] == "python"
        )
        names: dict[str, Any] = {}
        exec(script, names)  # noqa: S102 (the document is ours)
        flow: Flow = names["CONTACT"]
        flows = Flows((WELCOME, REGISTER, LOST, flow), keywords="register", lost="lost")
        town.turns = Turns(town.database, replace(HOUSE, flows=flows), lambda: town.now)

        exec(test, names)  # noqa: S102 (as above)
        names["test_who_would_rather_call_learns_the_number"](town)
