"""The parameters of one request, in whichever form they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.telegram.refusals import Json, bad_request

_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    media_type: str


@dataclass
class Given:
    """Parameters by name; nested ones may be JSON in a string, as in a form."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a text, empty if it was not given."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Give a whole number; what is none counts as the default."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def truth(self, name: str) -> bool:
        """Tell whether a flag is set."""
        return self.text(name).lower() in _TRUE

    def tree(self, name: str, called: str = "") -> Any:  # noqa: ANN401 - JSON
        """Give a nested value, nothing if it was not given."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value) if value else None
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {called or name} JSON object") from None

    def branch(self, name: str, called: str = "") -> Json | None:
        """Give a nested object."""
        value = self.tree(name, called)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {called or name}")
        return value

    def rows(self, name: str, called: str = "") -> list[Json]:
        """Give a nested list of objects."""
        value = self.tree(name, called)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"expected an Array of {called or name}")
        return value or []

    def upload(self, name: str) -> Upload | str:
        """Give a file that was sent along, or the file_id or address that was named."""
        if name in self.files:
            return self.files[name]
        value = self.text(name)
        attached = value.removeprefix("attach://")
        return self.files.get(attached, value)

    def __contains__(self, name: str) -> bool:
        return name in self.values or name in self.files
