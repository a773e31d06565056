"""What makes a setting usable: each check gives its value, or says what is expected instead."""

import re
from collections.abc import Container
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

LANGUAGES = ("en", "de", "de@leicht")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
TELEGRAM = "https://api.telegram.org"
TELEGRAM_PORTS = (None, 80, 88, 443, 8443)
LONGEST_CITY = 80
LONGEST_PREFIX = 6
LAST_PORT = 65_535
LONGEST_DEVICE_ID = 200
SHORTEST_KEY = 16
_WEBHOOK = "an address such as https://bot.example.org/telegram, on port 443, 80, 88 or 8443"

_MATRIX = {
    "MATRIX_HOMESERVER": "the address of the homeserver, such as https://matrix.example.org",
    "MATRIX_USER": "the full id of the bot's account, such as @stadtdialog:example.org",
    "MATRIX_PASSWORD": "the password of the bot's account, or MATRIX_ACCESS_TOKEN",
    "MATRIX_ACCESS_TOKEN": "an access token of the bot's account",
    "MATRIX_DEVICE_ID": "the device_id that the homeserver gave together with the access token",
}


class SettingsError(Exception):
    """A setting that cannot be used: its name, what is wrong, and what is expected.

    A secret's value must not be part of `problem`.
    """

    def __init__(self, name: str, problem: str, expected: str) -> None:
        super().__init__(f"{name} {problem}.\nExpected: {expected}.")
        self.name = name


def is_utf8(name: str, value: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise SettingsError(name, "is not UTF-8", "a value in UTF-8, in a terminal that writes it")


def database_url(name: str, value: str) -> str:
    # The value may hold a password, so no message repeats any part of it.
    if value.startswith("sqlite:///"):
        if value.removeprefix("sqlite:///") in {"", ":memory:"}:
            raise SettingsError(name, "names no file", "sqlite:///path/to/file.sqlite")
        if "?" in value:
            expected = "sqlite:///path/to/file.sqlite, with nothing behind it"
            raise SettingsError(name, "has options, and there are none", expected)
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


def data_dir(name: str, value: str) -> Path:
    path = Path(value)
    if path.exists() and not path.is_dir():
        raise SettingsError(name, f"is “{value}”, which is not a directory", "a directory")
    return path


def language(name: str, value: str) -> str:
    if value.lower() not in LANGUAGES:
        raise SettingsError(name, f"is “{value}”", f"one of {', '.join(LANGUAGES)}")
    return value.lower()


def city(name: str, value: str) -> str:
    if len(value) > LONGEST_CITY or not value.isprintable():
        expected = f"one line of up to {LONGEST_CITY} characters"
        raise SettingsError(name, "is too long or has line breaks", expected)
    return value


def telephone(name: str, value: str) -> str:
    if not can_be_called(value):
        expected = "a telephone number such as 02305 / 106-2101, +49 2305 1062101 or 115"
        raise SettingsError(name, f"is “{value}”, which nobody can call", expected)
    return value


def can_be_called(number: str) -> bool:
    """Tell whether people in Germany can call a number; towns have short ones too, such as 115."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, "DE")
    except phonenumbers.NumberParseException:
        return False
    is_short = phonenumbers.is_valid_short_number_for_region(parsed, "DE")
    return is_short or phonenumbers.is_valid_number(parsed)


def email(name: str, value: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        expected = "an address such as name@example.org"
        raise SettingsError(name, f"is “{value}”, which is no e-mail address", expected) from error


def reference_prefix(name: str, value: str) -> str:
    if not re.fullmatch(rf"[A-Z]{{1,{LONGEST_PREFIX}}}", value):
        expected = f"1 to {LONGEST_PREFIX} capital letters from A to Z"
        raise SettingsError(name, f"is “{value}”", expected)
    return value


def privacy_notice(name: str, value: str) -> Path:
    path = Path(value)
    try:
        path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        expected = "a text file in UTF-8 that the bot may read"
        raise SettingsError(name, f"is “{value}”, which cannot be read", expected) from error
    return path


def telegram_token(name: str, value: str) -> str:
    # No message repeats any part of it: whoever has it is the bot.
    if not re.fullmatch(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,60}", value):
        expected = "what @BotFather has sent, such as 123456789:AbC…, all of it and nothing else"
        raise SettingsError(name, "is no token", expected)
    return value


def telegram_api_url(name: str, value: str) -> str:
    if not _is_web_address(value):
        raise SettingsError(name, f"is “{value}”", f"an address such as {TELEGRAM}")
    return value.rstrip("/")


def telegram_webhook_url(name: str, value: str) -> str:
    if not _is_web_address(value) or "{" in value or "}" in value:  # a route has braces
        raise SettingsError(name, f"is “{value}”", _WEBHOOK)
    return value


def webhook_fits(url: str | None, api_url: str) -> None:
    """Check what only Telegram's own servers demand of a webhook; a city's own is less strict."""
    if url is None or api_url != TELEGRAM:
        return
    address = urlsplit(url)
    if address.scheme != "https" or address.port not in TELEGRAM_PORTS:
        raise SettingsError("TELEGRAM_WEBHOOK_URL", f"is “{url}”", _WEBHOOK)


def _is_web_address(value: str) -> bool:
    try:
        address = urlsplit(value)
        return address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
    except ValueError:
        return False


def matrix_homeserver(name: str, value: str) -> str:
    address = value if "://" in value else f"https://{value}"
    if not _is_web_address(address) or urlsplit(address).path.strip("/"):
        raise SettingsError(name, f"is “{value}”", _MATRIX[name])
    return address.rstrip("/")


def matrix_user(name: str, value: str) -> str:
    if not re.fullmatch(r"@[a-z0-9._=/+-]{1,200}:[\w.:\[\]-]{1,230}", value):
        raise SettingsError(name, f"is “{value}”", _MATRIX[name])
    return value


def matrix_device_id(name: str, value: str) -> str:
    if len(value) > LONGEST_DEVICE_ID or not value.isprintable() or " " in value:
        raise SettingsError(name, f"is “{value}”", _MATRIX[name])
    return value


def secret(name: str, value: str) -> str:
    # No message repeats any part of it.
    if not value.isprintable():
        raise SettingsError(name, "has characters that nobody can type", "one line of text")
    return value


def secret_key(name: str, value: str) -> str:
    # No message repeats any part of it.
    if len(value) < SHORTEST_KEY or not value.isprintable():
        expected = (
            f"at least {SHORTEST_KEY} random characters, such as `openssl rand -hex 32` gives"
        )
        raise SettingsError(name, "is too short to keep anything secret", expected)
    return value


def matrix_is_complete(given: Container[str]) -> None:
    """Check that an account on Matrix is given as a whole, or not at all; `given` holds names."""
    if not any(name in given for name in _MATRIX):
        return
    by_token = "MATRIX_ACCESS_TOKEN" in given
    way_in = "MATRIX_DEVICE_ID" if by_token else "MATRIX_PASSWORD"
    for name in ("MATRIX_HOMESERVER", "MATRIX_USER", way_in):
        if name not in given:
            raise SettingsError(name, "is missing", _MATRIX[name])


def host(name: str, value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError as error:
        expected = "an IP address of this machine, such as 127.0.0.1"
        raise SettingsError(name, f"is “{value}”", expected) from error


def port(name: str, value: str) -> int:
    if not value.isascii() or not value.isdecimal() or not 0 < int(value) <= LAST_PORT:
        raise SettingsError(name, f"is “{value}”", f"a number from 1 to {LAST_PORT}")
    return int(value)


def log_level(name: str, value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise SettingsError(name, f"is “{value}”", f"one of {', '.join(LOG_LEVELS)}")
    return value.upper()
