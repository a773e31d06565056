"""Where settings come from: the file `.env` and the environment, and what is a slip in them."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from bot.settings.checks import SettingsError

OURS = "STADTDIALOG_"
_ALIKE = 0.85
"""How much of a name has to agree, so that another one is a slip and not somebody else's."""


def in_file(path: Path) -> dict[str, str]:
    """Read `.env`; a line that says nothing is a fault, for it was meant to say something."""
    if not path.is_file():
        return {}
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8-sig") as file:
            bindings = list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), "cannot be read", "a text file in UTF-8") from error
    for binding in bindings:
        if binding.error:
            line = f"{path}, line {binding.original.line},"
            raise SettingsError(line, "cannot be read", "NAME=value, with both quotes or none")
    return filled({each.key: each.value for each in bindings if each.key is not None})


def filled(values: Mapping[str, str | None]) -> dict[str, str]:
    """Leave out what is empty."""
    return {name: value.strip() for name, value in values.items() if value and value.strip()}


def refuse_slips(given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse names that are none of ours, but look like it."""
    known = tuple(known)
    ours = [name for name in known if "_" in name]  # PORT is anybody's
    for name in given:
        if name in known:
            continue
        meant = get_close_matches(name.upper(), ours, n=1, cutoff=_ALIKE)
        if meant or name.startswith(OURS):
            raise SettingsError(
                name, "is no setting", meant[0] if meant else "a name from the list"
            )
