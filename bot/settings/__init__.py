"""The settings, read once from the environment or `.env`; each says in one line what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from bot.settings import checks
from bot.settings.checks import LANGUAGES, TELEGRAM, SettingsError
from bot.settings.files import filled, in_file, refuse_slips

__all__ = ["LANGUAGES", "Settings", "SettingsError", "read"]

DATABASE_FILE = "stadtdialog.sqlite"
SECRET = {
    "DATABASE_URL",  # it may hold a password
    "TELEGRAM_TOKEN",
    "MATRIX_PASSWORD",
    "MATRIX_ACCESS_TOKEN",
    "STADTDIALOG_SECRET_KEY",
}

T = TypeVar("T")


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
        checks.data_dir,
    )
    database_url: str = _setting(
        f"sqlite:///data/{DATABASE_FILE}",
        "DATABASE_URL",
        "Address of the database; without one, a SQLite file in the data directory.",
        checks.database_url,
    )
    language: str = _setting(
        "de",
        "STADTDIALOG_LANGUAGE",
        "Language in which a conversation begins: en, de or de@leicht.",
        checks.language,
    )
    city: str = _setting(
        "Castrop-Rauxel",
        "STADTDIALOG_CITY",
        "Name of the city, as citizens read it.",
        checks.city,
    )
    telephone: str = _setting(
        "02305 / 106-2101",
        "STADTDIALOG_TELEPHONE",
        "Telephone number at which citizens reach a person.",
        checks.telephone,
    )
    email: str = _setting(
        "digitalisierung@castrop-rauxel.de",
        "STADTDIALOG_EMAIL",
        "E-mail address at which citizens reach a person.",
        checks.email,
    )
    reference_prefix: str = _setting(
        "CR",
        "STADTDIALOG_REFERENCE_PREFIX",
        "Letters with which the reference on each receipt begins.",
        checks.reference_prefix,
    )
    privacy_notice: Path | None = _setting(
        None,
        "STADTDIALOG_PRIVACY_NOTICE",
        "TOML file with the city's own privacy notice; without one, the notice of the bot.",
        checks.privacy_notice,
    )
    telegram_token: str | None = _setting(
        None,
        "TELEGRAM_TOKEN",
        "Token of the bot on Telegram, from @BotFather.",
        checks.telegram_token,
    )
    telegram_webhook_url: str | None = _setting(
        None,
        "TELEGRAM_WEBHOOK_URL",
        "Public address to which Telegram brings messages; without one, the bot fetches them.",
        checks.telegram_webhook_url,
    )
    telegram_api_url: str = _setting(
        TELEGRAM,
        "TELEGRAM_API_URL",
        "Address of the Bot API, if the city runs a server of its own.",
        checks.telegram_api_url,
    )
    matrix_homeserver: str | None = _setting(
        None,
        "MATRIX_HOMESERVER",
        "Address of the homeserver on which the bot has its account.",
        checks.matrix_homeserver,
    )
    matrix_user: str | None = _setting(
        None,
        "MATRIX_USER",
        "The bot's account on Matrix, such as @stadtdialog:example.org.",
        checks.matrix_user,
    )
    matrix_password: str | None = _setting(
        None,
        "MATRIX_PASSWORD",
        "Password of this account; or give an access token.",
        checks.secret,
    )
    matrix_access_token: str | None = _setting(
        None,
        "MATRIX_ACCESS_TOKEN",
        "Access token of this account, for homeservers without passwords.",
        checks.secret,
    )
    matrix_device_id: str | None = _setting(
        None,
        "MATRIX_DEVICE_ID",
        "Device to which the access token belongs.",
        checks.matrix_device_id,
    )
    secret_key: str | None = _setting(
        None,
        "STADTDIALOG_SECRET_KEY",
        "Seals the bot's keys in the database; without one, the password or the token does.",
        checks.secret_key,
    )
    host: str = _setting(
        "0.0.0.0",  # noqa: S104 (a platform's router comes from outside; see operations.md)
        "STADTDIALOG_HOST",
        "Address of this machine on which the webhook is served.",
        checks.host,
    )
    port: int = _setting(
        8080,
        "PORT",
        "Port on which the webhook is served.",
        checks.port,
    )
    log_level: str = _setting(
        "WARNING",
        "STADTDIALOG_LOG_LEVEL",
        "From which level on the bot writes its log: DEBUG, INFO, WARNING, ERROR or CRITICAL.",
        checks.log_level,
    )


def read(environ: Mapping[str, str], dotenv_path: Path) -> Settings:
    """Read the settings; the environment wins over the file, and an empty value counts as unset.

    Raise SettingsError for the first one that cannot be used.
    """
    given = in_file(dotenv_path) | filled(environ)
    refuse_slips(given, (each.metadata["name"] for each in fields(Settings)))
    chosen: dict[str, Any] = {}
    for each in fields(Settings):
        name = each.metadata["name"]
        if given.get(name, str(each.default)) != str(each.default):
            checks.is_utf8(name, given[name])
            chosen[each.name] = each.metadata["check"](name, given[name])
    if "DATABASE_URL" not in given and "data_dir" in chosen:
        chosen["database_url"] = f"sqlite:///{(chosen['data_dir'] / DATABASE_FILE).as_posix()}"
    settings = Settings(**chosen)
    checks.webhook_fits(settings.telegram_webhook_url, settings.telegram_api_url)
    checks.matrix_is_complete(given)
    return settings
