"""The command line: one command for each thing that an operator does.

A command lies in a module of its own, imported when it is used, so that the start stays fast.
"""

from __future__ import annotations

import traceback
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from bot.services.refusals import OperatorError
from bot.settings import SettingsError

WHERE = {
    "chat": "chats",
    "run": "services",
    "web": "services",
    "worker": "services",
    "migrate": "migrations",
    "events": "events",
    "qr": "qrcodes",
    "registrations": "registrations",
    "export": "exports",
    "staff": "staff",
    "jobs": "jobs",
    "backup": "backups",
    "restore": "backups",
    "check": "backups",
}
"""In which module each command lies."""


class OperatorMistake(click.ClickException):
    """Something that the operator can put right: said in a line or two, exit code 2."""

    exit_code = 2


class ProgramError(click.ClickException):
    """A fault of the program: where it is, but not what it was about, which may be personal."""

    def __init__(self, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}, line {frame.lineno}"
        super().__init__(
            f"Something went wrong that should not have: {type(error).__name__} ({place}).\n"
            "Nothing that was confirmed is lost. Please report this line."
        )


class Damage(click.ClickException):
    """The database is damaged: exit code 3, so that whoever restarts the program can tell."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "The database is damaged. Nothing more was taken or changed.\n"
            "Keep the file as it is, and restore the latest backup: see “A damaged database” in "
            "docs/operations.md."
        )


class Commands(click.Group):
    """The commands, and the one place that turns an error into a short message."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Name the commands, in the order in which one needs them."""
        return list(WHERE)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's signature)
        cmd_name: str,
    ) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in WHERE:
            return None
        module = import_module(f"bot.cli.{WHERE[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what the terminal and this program read differently, before a letter is lost."""
        for number, argument in enumerate(args, start=1):
            if not _is_read_rightly(argument):
                raise OperatorMistake(
                    f"The argument in place {number} is not UTF-8, so its umlauts would be lost.\n"
                    "Use a terminal in UTF-8, and a locale to it, for example: LANG=C.UTF-8"
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except (SettingsError, OperatorError) as error:
            raise OperatorMistake(str(error)) from error
        except Exception as error:
            raise _explained(error) from error


def _is_read_rightly(argument: str) -> bool:
    """Tell whether letters arrived as they were typed.

    Python keeps bytes that are not UTF-8 as surrogates. Where it reads UTF-8 by an older locale,
    two letters stand for one, and those two as bytes are UTF-8.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in argument):
        return False
    return argument.isascii() or not any(map(partial(_was_utf8, argument), ("latin-1", "cp1252")))


def _was_utf8(argument: str, read_as: str) -> bool:
    try:
        argument.encode(read_as).decode("utf-8")
    except UnicodeError:
        return False
    return True


def _explained(error: Exception) -> click.ClickException:
    database = import_module("bot.store.database")
    if database.is_damage(error):
        return Damage()
    if database.is_outage(error):
        return OperatorMistake(
            "The database does not answer, or does not accept anything: gone, locked, or full.\n"
            "Nothing was changed. Try again."
        )
    return ProgramError(error)


@click.group(cls=Commands)
@click.version_option(package_name="stadtdialog", prog_name="stadtdialog")
def main() -> None:
    """Stadtdialog, a city's chatbot for public dialogue.

    Settings come from the environment or from a file .env in the current directory.
    """
