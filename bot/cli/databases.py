"""Opening the database for a command, and saying what an operator has to put right first."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.services.refusals import OperatorError
from bot.settings import Settings, read
from bot.store import ownership, schema
from bot.store.database import Database, is_damage
from bot.store.ownership import Owned
from bot.store.schema import Schema

CONNECT_SECONDS = 5


def configured() -> Settings:
    """Read the settings, and write the log as they say.

    That is the log of this program: libraries write tokens, names and texts into theirs, so no more
    of them is heard than what is wrong.
    """
    settings = read(os.environ, Path(".env"))
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("bot").setLevel(settings.log_level)
    return settings


@contextmanager
def opened(settings: Settings, *, alone: bool = False, creates: bool = False) -> Iterator[Database]:
    """Open the database with a schema that fits; `alone` is for the one that runs on SQLite.

    An older SQLite file is migrated: it has no administrator who could do that. One that is not
    there is made only by a command that `creates` it: anywhere else, the address is a slip. Raises
    OperatorError for everything that has to be put right first.
    """
    file = ownership.file_of(settings.database_url)
    with ExitStack() as stack:
        if file is not None:
            if creates:
                prepare(file.parent)
            elif not ownership.is_filled(file):
                raise not_there(file)
            _refuse_other_files(file)
            if alone:
                stack.enter_context(owned(file, creates=creates))
        database = Database(_patient(settings.database_url))
        stack.callback(database.close)
        found = _found(database)
        if found is not Schema.CURRENT:
            if file is not None and found is Schema.MISSING and not creates:
                raise not_there(file)
            if file is None:
                raise OperatorError(
                    "The database is empty, or an older version of Stadtdialog made it.\n"
                    "Make a backup, then run: stadtdialog migrate"
                )
            _migrate(database, None if alone else file)
        yield database


def migrate(settings: Settings) -> bool:
    """Bring the database to the newest schema; tell whether there was anything to do."""
    file = ownership.file_of(settings.database_url)
    with ExitStack() as stack:
        if file is not None:
            prepare(file.parent)
            _refuse_other_files(file)
        database = Database(_patient(settings.database_url))
        stack.callback(database.close)
        if _found(database) is Schema.CURRENT:
            return False
        _migrate(database, file)
        return True


def prepare(directory: Path) -> None:
    """Create a directory for this user alone, and see that it can be written."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_keep(directory, error.strerror) from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise _cannot_keep(directory, "Permission denied")


def _cannot_keep(directory: Path, reason: str | None) -> OperatorError:
    return OperatorError(
        f"Nothing can be stored in {directory}: {reason}.\n"
        "Choose another directory with STADTDIALOG_DATA_DIR, or another DATABASE_URL."
    )


def _refuse_other_files(file: Path) -> None:
    try:
        is_database = ownership.is_database(file)
    except OSError as error:
        raise OperatorError(f"The database {file} cannot be read: {error.strerror}.") from error
    if not is_database:
        raise OperatorError(
            f"{file} is not a SQLite database; nothing in it was changed.\n"
            "Move it away, or name another file in DATABASE_URL. If it was the database, it is "
            "damaged: restore the latest backup."
        )


@contextmanager
def owned(file: Path, *, creates: bool = False) -> Iterator[None]:
    """Own a SQLite file, or say who does."""
    with ExitStack() as stack:
        try:
            if creates:
                file.touch(mode=0o600)  # so that there is something to own
            stack.enter_context(ownership.owned(file))
        except Owned as error:
            process = f" (process {error.process})" if error.process else ""
            raise OperatorError(
                f"Another program{process} is using {file}, and only one can at a time.\n"
                "End that one first, or use PostgreSQL, which serves many."
            ) from error
        except OSError as error:
            raise _cannot_keep(file.parent, error.strerror) from error
        yield


def _patient(url: str) -> str:
    """Do not wait for minutes for a server that does not answer."""
    if not url.startswith("postgresql") or "connect_timeout" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}connect_timeout={CONNECT_SECONDS}"


def not_there(file: Path) -> OperatorError:
    """Say that there is no database where the settings say."""
    return OperatorError(
        f"There is no database of Stadtdialog at {file.absolute()}.\n"
        "Check DATABASE_URL, STADTDIALOG_DATA_DIR and the directory in which you are.\n"
        "To begin with a new one: stadtdialog migrate"
    )


def _found(database: Database) -> Schema:
    try:
        found = schema.check(database)
    except Exception as error:  # the first contact: whatever goes wrong is about the address
        if is_damage(error):
            raise
        raise OperatorError(_no_contact(error)) from error
    if found is Schema.NEWER:
        raise OperatorError(
            "A newer version of Stadtdialog made this database; this one could damage it.\n"
            "Install the newer version again."
        )
    return found


def _no_contact(error: Exception) -> str:
    """Say why the database cannot be used; the drivers' reasons name no password."""
    reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
    return f"The database cannot be used: {reason}\nCheck DATABASE_URL."


def _migrate(database: Database, file: Path | None) -> None:
    database.close()  # whoever owns a file has no connection before and afterwards
    with owned(file) if file is not None else ExitStack():
        schema.migrate(database)
        database.close()
