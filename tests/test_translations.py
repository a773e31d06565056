"""The catalogues are complete and faithful: what pybabel lets pass is found here."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent.parent / "locales"
CATALOGUES = [("stadtdialog", "de"), ("stadtdialog", "de@leicht"), ("staff", "de")]
TAG = re.compile(r"</?(?:b|i|a|code)\b")
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def faults(path: Path, locale: str) -> list[str]:
    """List what is wrong with a catalogue."""
    with path.open("rb") as po:
        catalogue = read_po(po, locale=locale, abort_invalid=True)
    found = [f"obsolete: {key!r}" for key in catalogue.obsolete]
    for message in catalogue:
        if message.id:
            found += [f"{fault}: {message.id!r}" for fault in _faults(message, catalogue)]
    return found


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    sources, forms = _forms(message.id), _forms(message.string)
    if len(forms) != (catalogue.num_plurals if message.pluralizable else 1):
        yield "number of plural forms"
    if not all(form.strip() for form in forms):
        yield "empty"
        return
    for number, form in enumerate(forms):
        # The first form speaks of one; it may name the number or leave it out, as the source does.
        candidates = sources if number == 0 else sources[-1:]
        if _placeholders(form) not in [_placeholders(source) for source in candidates]:
            yield "placeholders"
        if _tags(form) not in [_tags(source) for source in candidates]:
            yield "tags"


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _placeholders(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"a brace without its partner"}


def _tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))


@pytest.mark.parametrize(("domain", "locale"), CATALOGUES)
def test_a_catalogue_is_complete_and_faithful(domain: str, locale: str) -> None:
    path = LOCALES / locale / "LC_MESSAGES" / f"{domain}.po"

    assert faults(path, locale) == []


def test_there_are_no_other_catalogues() -> None:
    found = {(path.stem, path.parts[-3]) for path in LOCALES.glob("*/LC_MESSAGES/*.po")}

    assert found == set(CATALOGUES)


@pytest.mark.parametrize("locale", ["de", "de@leicht"])
def test_a_good_catalogue_has_no_faults(tmp_path: Path, locale: str) -> None:
    path = tmp_path / "good.po"
    path.write_text(
        HEADER + 'msgid "One <b>seat</b>"\nmsgid_plural "{n} <b>seats</b>"\n'
        'msgstr[0] "Ein <b>Platz</b>"\nmsgstr[1] "{n} <b>Plätze</b>"\n\n'
        'msgctxt "verb"\nmsgid "Book {event}"\nmsgstr "{event} buchen"\n',
        encoding="utf-8",
    )

    assert faults(path, locale) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Hello {name}"\nmsgstr "Hallo {Name}"', "placeholders"),
        ('msgid "Hello {name}"\nmsgstr "Hallo"', "placeholders"),
        ('msgid "Hello {name}"\nmsgstr "Hallo {name"', "placeholders"),
        ('msgid "<b>Hello</b>"\nmsgstr "<b>Hallo<b>"', "tags"),
        ('msgid "Hello"\nmsgstr ""', "empty"),
        ('msgid "Hello"\nmsgstr " "', "empty"),
        ('#, fuzzy\nmsgid "Hello"\nmsgstr "Hallo"', "fuzzy"),
        ('#~ msgid "Hello"\n#~ msgstr "Hallo"', "obsolete"),
        ('msgid "a"\nmsgid_plural "{n} b"\nmsgstr[0] "c"\nmsgstr[1] ""', "empty"),
        ('msgid "a"\nmsgid_plural "{n} b"\nmsgstr[0] "c"\nmsgstr[1] "d"', "placeholders"),
        ('msgid "a"\nmsgid_plural "{n} b"\nmsgstr[0] "c"', "empty"),
    ],
)
def test_a_faulty_entry_is_found(tmp_path: Path, entry: str, fault: str) -> None:
    path = tmp_path / "broken.po"
    path.write_text(f"{HEADER}\n{entry}\n", encoding="utf-8")

    found = faults(path, "de")

    assert len(found) == 1
    assert found[0].startswith(fault)
