"""Lines that are no TOML, but of which one can tell what was meant."""

from __future__ import annotations

import re
from datetime import date

from bot.services.eventfiles.times import understood

_WITHOUT_SECONDS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\s*(#.*)?$")
_PAIR = re.compile(r"\s*([A-Za-z0-9_.\"@-]+?)\s*=\s*([^#]*?)\s*(?:#.*)?")
_CURLY = "„“”‚‘’«»"
_YES_OR_NO = {"ja", "nein", "yes", "no", "wahr", "falsch", "true", "false", "on", "off"}


def explained(line: str) -> tuple[str, str, str] | None:
    """Say the key of a line, what is wrong with it, and what to write instead."""
    if _WITHOUT_SECONDS.search(line):
        return "", "A time has no seconds", "a time such as 2020-08-20T18:00:00"
    found = _PAIR.fullmatch(line)
    if found is None:
        return None
    key, value = found.groups()
    if not value:
        return key, "has no value", f'a value, such as {key} = "…"'
    if isinstance(day := understood(value), date):
        return key, f"is {value}", f"{key} = {day.isoformat()}"
    if re.fullmatch(r"-?\d+,\d+", value):
        return key, f"is {value}, with a comma", f"{key} = {value.replace(',', '.')}"
    if value.lower() in _YES_OR_NO:
        return key, f"is {value}", "true or false, without quotes"
    return _unquoted(key, value)


def _unquoted(key: str, value: str) -> tuple[str, str, str] | None:
    if value[0] in _CURLY:
        plain = value.strip(_CURLY)
        return key, f"is {value}, with typographic quotes", f'{key} = "{plain}"'
    if value[0] == '"' and value.count('"') == 1:
        return key, "has no quote at its end", f'{key} = {value}"'
    if value[0].isalpha() or value[0] == "+":
        return key, f"is {value}, without quotes", f'{key} = "{value}"'
    return None
