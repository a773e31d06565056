"""The settings, read once from the environment or `.env`; each says in one line what it means."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

LANGUAGES = ("en", "de", "de@leicht")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
DATABASE_FILE = "stadtdialog.sqlite"
SECRET = {"DATABASE_URL"}  # may hold a password
LONGEST_CITY = 80
LONGEST_PREFIX = 6

T = TypeVar("T")


class SettingsError(Exception):
    """A setting that cannot be used: its name, what is wrong, and what is expected.

    A secret's value must not be part of `problem`.
    """

    def __init__(self, name: str, problem: str, expected: str) -> None:
        super().__init__(f"{name} {problem}.\nExpected: {expected}.")
        self.name = name


def _database_url(name: str, value: str) -> str:
    # The value may hold a password, so no message repeats any part of it.
    if value.startswith("sqlite:///"):
        if value.removeprefix("sqlite:///") in {"", ":memory:"}:
            raise SettingsError(name, "names no file", "sqlite:///path/to/file.sqlite")
        return value
    if not _names_a_database(value):
        expected = (
            "sqlite:///path/to/file.sqlite or postgresql://user:password@host:5432/database "
            "(special characters in the password percent-encoded)"
        )
        raise SettingsError(name, "is not the address of a database", expected)
    return f"postgresql+psycopg:{value.split(':', 1)[1]}"


def _names_a_database(value: str) -> bool:
    try:
        address = urlsplit(value)
        port = address.port
    except ValueError:
        return False
    return address.scheme in POSTGRESQL and port != 0 and bool(address.path.strip("/"))


def _data_dir(name: str, value: str) -> Path:
    path = Path(value)
    if path.exists() and not path.is_dir():
        raise SettingsError(name, f"is “{value}”, which is not a directory", "a directory")
    return path


def _language(name: str, value: str) -> str:
    if value.lower() not in LANGUAGES:
        raise SettingsError(name, f"is “{value}”", f"one of {', '.join(LANGUAGES)}")
    return value.lower()


def _city(name: str, value: str) -> str:
    if len(value) > LONGEST_CITY or not value.isprintable():
        expected = f"one line of up to {LONGEST_CITY} characters"
        raise SettingsError(name, "is too long or has line breaks", expected)
    return value


def _telephone(name: str, value: str) -> str:
    import phonenumbers

    try:
        valid = phonenumbers.is_valid_number(phonenumbers.parse(value, "DE"))
    except phonenumbers.NumberParseException:
        valid = False
    if not valid:
        expected = "a telephone number such as 02305 / 106-2101 or +49 2305 1062101"
        raise SettingsError(name, f"is “{value}”, which nobody can call", expected)
    return value


def _email(name: str, value: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        expected = "an address such as name@example.org"
        raise SettingsError(name, f"is “{value}”, which is no e-mail address", expected) from error


def _reference_prefix(name: str, value: str) -> str:
    if not re.fullmatch(rf"[A-Z]{{1,{LONGEST_PREFIX}}}", value):
        expected = f"1 to {LONGEST_PREFIX} capital letters from A to Z"
        raise SettingsError(name, f"is “{value}”", expected)
    return value


def _privacy_notice(name: str, value: str) -> Path:
    path = Path(value)
    try:
        path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        expected = "a text file in UTF-8 that the bot may read"
        raise SettingsError(name, f"is “{value}”, which cannot be read", expected) from error
    return path


def _log_level(name: str, value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise SettingsError(name, f"is “{value}”", f"one of {', '.join(LOG_LEVELS)}")
    return value.upper()


def _setting(default: T, name: str, meaning: str, check: Callable[[str, str], T]) -> T:
    """Return a field: its default needs no check, and its metadata is its documentation."""
    about = {"name": name, "meaning": meaning, "check": check}
    return field(default=default, repr=name not in SECRET, metadata=about)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator may decide."""

    data_dir: Path = _setting(
        Path("data"),
        "STADTDIALOG_DATA_DIR",
        "Directory for what the bot keeps in files.",
        _data_dir,
    )
    database_url: str = _setting(
        f"sqlite:///data/{DATABASE_FILE}",
        "DATABASE_URL",
        "Address of the database; without one, a SQLite file in the data directory.",
        _database_url,
    )
    language: str = _setting(
        "de",
        "STADTDIALOG_LANGUAGE",
        "Language in which a conversation begins: en, de or de@leicht.",
        _language,
    )
    city: str = _setting(
        "Castrop-Rauxel",
        "STADTDIALOG_CITY",
        "Name of the city, as citizens read it.",
        _city,
    )
    telephone: str = _setting(
        "02305 / 106-2101",
        "STADTDIALOG_TELEPHONE",
        "Telephone number at which citizens reach a person.",
        _telephone,
    )
    email: str = _setting(
        "digitalisierung@castrop-rauxel.de",
        "STADTDIALOG_EMAIL",
        "E-mail address at which citizens reach a person.",
        _email,
    )
    reference_prefix: str = _setting(
        "CR",
        "STADTDIALOG_REFERENCE_PREFIX",
        "Letters with which the reference on each receipt begins.",
        _reference_prefix,
    )
    privacy_notice: Path | None = _setting(
        None,
        "STADTDIALOG_PRIVACY_NOTICE",
        "TOML file with the city's own privacy notice; without one, the notice of the bot.",
        _privacy_notice,
    )
    log_level: str = _setting(
        "WARNING",
        "STADTDIALOG_LOG_LEVEL",
        "From which level on the bot writes its log: DEBUG, INFO, WARNING, ERROR or CRITICAL.",
        _log_level,
    )


def read(environ: Mapping[str, str], dotenv_path: Path) -> Settings:
    """Read the settings; the environment wins over the file, and an empty value counts as unset.

    Raise SettingsError for the first one that cannot be used.
    """
    given = _file(dotenv_path) | _filled(environ)
    chosen: dict[str, Any] = {}
    for each in fields(Settings):
        name = each.metadata["name"]
        if given.get(name, str(each.default)) != str(each.default):
            chosen[each.name] = each.metadata["check"](name, given[name])
    if "DATABASE_URL" not in given and "data_dir" in chosen:
        chosen["database_url"] = f"sqlite:///{(chosen['data_dir'] / DATABASE_FILE).as_posix()}"
    return Settings(**chosen)


def _file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        return _filled(dotenv_values(path, interpolate=False))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), "cannot be read", "a text file in UTF-8") from error


def _filled(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value and value.strip()}
