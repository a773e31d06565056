"""The conversation about privacy: what it says and shows, and that nothing goes by accident."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.events import LocalText
from bot.domain.facts import City, Facts
from bot.domain.ideas import HandIn, IdeaKind, Pillar
from bot.domain.people import Contact, ContactKind
from bot.domain.privacy import PrivacyNotice
from bot.flows import privacy_notice
from bot.i18n import LANGUAGES, render
from bot.services import noticefiles
from bot.services.refusals import OperatorError
from bot.store.database import Database
from tests.households import HOUSE, Chat, ahead
from tests.sample import opened
from tests.worlds import NEEDS_KEPT

LONGEST_MESSAGE = 4096
"""Characters, of Telegram."""

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy-notice.md"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


@pytest.fixture
def anna(database: Database) -> Chat:
    return Chat(database, "chat-of-anna")


class OneCity:
    """Facts that know the city and nothing else."""

    def __init__(self, city: City = HOUSE.city) -> None:
        self.city = city


def facts(**own: str) -> Facts:
    texts = {key: LocalText({"de": words, "en": words}) for key, words in own.items()}
    city = replace(HOUSE.city, notice=PrivacyNotice(**texts))  # type: ignore[arg-type]
    return OneCity(city)  # type: ignore[return-value]


def register(anna: Chat) -> None:
    world = ahead(anna.database)
    anna.guest(world, "Anna").registers(
        world.online,
        contact=Contact(ContactKind.PHONE, "+4923051062101"),
        organisation="Chess club",
        needs="a ramp",
        agreements=(NEEDS_KEPT,),
    )


@pytest.mark.parametrize("word", ["/privacy", "/datenschutz", "!privacy"])
def test_the_menu_offers_three_ways(anna: Chat, word: str) -> None:
    assert "[Read the privacy notice]" in anna.says(word)
    assert "[What do you know about me?]" in anna.heard
    assert "[Forget me]" in anna.heard


def test_the_notice_says_everything_that_the_law_asks_for(anna: Chat) -> None:
    heard = anna.says("/privacy", "notice")

    for words in (
        "Who is responsible",
        "Castrop-Rauxel",
        "Data protection officer",
        "Art. 6 (1) e",
        "Art. 6 (1) a",
        "Art. 9 (2) a",
        "30 days after the event",
        "14 days",
        "Telegram can read it",
        "LDI NRW",
        "/mine",
    ):
        assert words in heard


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_fits_into_one_message(language: str) -> None:
    assert len(render(privacy_notice.whole(facts()), language)) < LONGEST_MESSAGE


def test_the_short_notice_leads_to_the_long_one() -> None:
    short = render(privacy_notice.short(facts()), "en")

    assert "/privacy" in short
    assert len(short) < 300


def test_a_city_says_it_in_its_own_words() -> None:
    own = facts(controller="The mayor", short="In short.", grounds="§ 3 <DSG>")

    whole = render(privacy_notice.whole(own), "en")

    assert "The mayor" in whole
    assert "§ 3 &lt;DSG&gt;" in whole
    assert "Art. 6 (1) e" not in whole
    assert "LDI NRW" in whole
    assert render(privacy_notice.short(own), "en") == "In short."


def test_one_reads_what_is_known_and_gets_it_as_a_file(anna: Chat) -> None:
    register(anna)
    anna.does(HandIn(IdeaKind.IDEA, Pillar.CITY, "More <b>benches</b>", name="Anna"))
    person = anna.person

    heard = anna.says("/privacy", "what do you know about me?")

    for words in (
        "Telegram, chat-of-anna",
        "you have a seat",
        "Anna",
        "Chess club",
        "02305 1062101",
        "a ramp",
        "Accessibility needs",
        "More &lt;b&gt;benches&lt;/b&gt;",
    ):
        assert words in heard
    assert [reply["attach"] for reply in anna.seen] == [[["data", person]]]


def test_a_newcomer_reads_that_little_is_known(anna: Chat) -> None:
    heard = anna.says("/privacy", "my data")

    assert "chat-of-anna" in heard
    assert "Registrations" not in heard


def test_much_of_a_kind_is_told_in_the_file_only(anna: Chat) -> None:
    for number in range(12):
        anna.does(HandIn(IdeaKind.IDEA, Pillar.CITY, f"Idea {number} " + "x" * 3000))

    heard = anna.says("/privacy", "my data")

    assert "and 2 more in the file" in heard
    assert len(heard) < LONGEST_MESSAGE


def test_the_preview_says_what_goes_and_what_stays(anna: Chat) -> None:
    register(anna)

    heard = anna.says("/privacy", "forget me")

    goes, _, stays = heard.partition("This stays")
    assert "1 seat or place in line" in goes
    assert "your name, contact and organisation" in goes
    assert "your consents" in goes
    assert "your consents, with wording and times but without you" in stays
    assert "arrival numbers" in stays
    assert "[Yes, forget me]" in stays


def test_somebody_without_anything_reads_a_short_preview(anna: Chat) -> None:
    heard = anna.says("/privacy", "forget me")

    assert "address of this chat" in heard
    assert "seat" not in heard.partition("This stays")[0]
    assert "idea" not in heard


def test_one_decides_what_becomes_of_the_words_of_ideas(anna: Chat) -> None:
    anna.does(HandIn(IdeaKind.IDEA, Pillar.CITY, "More benches"))

    assert "What shall become of it?" in anna.says("/privacy", "forget me")
    assert "the words of your ideas" in anna.says("keep")
    assert "1 idea, with its text" in anna.says("/back", "delete the words too")
    assert "1 idea was deleted." in anna.says("yes, forget me")


@pytest.mark.parametrize("answer", ["no", "2", "/cancel", "/start", "hm", "ok", "👍"])
def test_nothing_is_erased_without_an_explicit_yes(anna: Chat, answer: str) -> None:
    person = anna.person

    anna.says("/privacy", "forget me", answer)

    assert anna.person == person


@pytest.mark.parametrize("answer", ["yes", "Yes, forget me", "yes, forget"])
def test_a_yes_in_any_form_erases(anna: Chat, answer: str) -> None:
    person = anna.person

    assert "I have forgotten you" in anna.says("/privacy", "forget me", answer)
    assert anna.person != person


def test_what_was_done_is_said(anna: Chat) -> None:
    register(anna)

    heard = anna.says("/privacy", "forget me", "yes, forget me")

    assert "1 seat or place in line was given back." in heard
    assert "1 consent stays as a proof, without you." in heard


def test_after_the_farewell_nobody_is_forgotten_twice(anna: Chat) -> None:
    anna.says("/privacy", "forget me", "yes, forget me")
    person = anna.person

    anna.says("yes, forget me")

    assert anna.person == person


def write(path: Path, content: str) -> Path:
    file = path / "notice.toml"
    file.write_text(content, encoding="utf-8")
    return file


COMPLETE = 'controller.de = "Stadt"\ndata_protection_officer.de = "Frau Muster"\n'


def test_a_city_completes_the_template(tmp_path: Path) -> None:
    own = 'link = "https://www.example.org/datenschutz"\n[rights]\nde = "Recht"\nen = "Rights"\n'
    file = write(tmp_path, COMPLETE + own)

    read = noticefiles.read(file)

    assert render(read.controller or "", "en") == "Stadt"
    assert render(read.rights or "", "en") == "Rights"
    assert read.link == "https://www.example.org/datenschutz"
    assert read.grounds is None


def test_without_a_file_the_program_speaks() -> None:
    assert noticefiles.read(None) == PrivacyNotice()


def test_the_example_in_the_documentation_is_valid(tmp_path: Path) -> None:
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition("```toml\n")
    file = write(tmp_path, rest.partition("```")[0])

    assert noticefiles.read(file).officer is not None


def test_every_key_of_the_template_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    assert [key for key in noticefiles.KEYS if f"| `{key}` |" not in text] == []


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("", [":1: controller is missing", ":1: data_protection_officer is missing"]),
        (f"{COMPLETE}wishes.de = 'x'", [":3: wishes is unknown. Expected: one of controller,"]),
        (f"{COMPLETE}rights.en = 'x'", [":3: rights has no German text"]),
        (f"{COMPLETE}rights.de = ''", [":3: rights.de is empty"]),
        (f"{COMPLETE}rights.de = 3", [":3: rights.de is 3"]),
        (f"{COMPLETE}rights.fr = 'x'", [":3: rights.fr is no language"]),
        (f"{COMPLETE}rights = 'x'", [":3: rights is “x”"]),
        (f"{COMPLETE}rights.de = '{'x' * 3001}'", [":3: rights.de has 3001 characters"]),
        (f"{COMPLETE}link = 'www'", [":3: link is “www”"]),
        (f"{COMPLETE}rights.de =", [":3: ", "Expected: TOML"]),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, content: str, faults: list[str]) -> None:
    file = write(tmp_path, content)

    with pytest.raises(OperatorError) as caught:
        noticefiles.read(file)

    message = str(caught.value)
    assert message.startswith(str(file))
    assert [fault for fault in faults if fault not in message] == []


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    absent = tmp_path / "absent.toml"
    strange = tmp_path / "latin1.toml"
    strange.write_bytes("controller.de = 'Bürger'".encode("latin-1"))

    with pytest.raises(OperatorError, match=r"absent\.toml: cannot be read"):
        noticefiles.read(absent)
    with pytest.raises(OperatorError, match="not encoded in UTF-8"):
        noticefiles.read(strange)
