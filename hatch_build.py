"""Compile the catalogues when the project is built, and put them into the wheel."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface[BuilderConfig]):
    """Write a .mo beside each .po; the wheel carries them as bot/locales."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile all catalogues, also for an editable install, which reads them in place."""
        root = Path(self.root)
        for source in sorted(root.glob("locales/*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            _compile(source, compiled)
            place = compiled.relative_to(root).as_posix()
            build_data["force_include"][str(compiled)] = f"bot/{place}"


def _compile(source: Path, compiled: Path) -> None:
    with source.open("rb") as po:
        catalogue = read_po(po, locale=source.parts[-3], abort_invalid=True)
    with compiled.open("wb") as mo:
        write_mo(mo, catalogue)
