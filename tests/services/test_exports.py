"""Exports: what staff may take out of the bot, and what never leaves it."""

import csv
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.events import Event, EventId
from bot.services.exports import Format, Subject, export
from bot.services.refusals import OperatorError
from bot.store import events, tables
from bot.store.database import Database, Transaction
from tests.sample import EVENT, NOW, START, add, another, opened, person, registered
from tests.workbooks import workbook


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database


def saved(tx: Transaction, event: Event = EVENT) -> Event:
    return events.load(tx, events.save(tx, event).id)


def as_csv(tx: Transaction, subject: Subject, **options: Any) -> list[dict[str, str]]:  # noqa: ANN401
    content = b"".join(export(tx, subject, Format.CSV, **options)).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(content, newline=""), strict=True, delimiter=";"))


def as_json(tx: Transaction, subject: Subject, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    found: list[dict[str, Any]] = json.loads(b"".join(export(tx, subject, Format.JSON, **options)))
    return found


def idea(tx: Transaction, **values: Any) -> int:  # noqa: ANN401
    row = {
        "reference": "CR-2020-0001",
        "kind": "idea",
        "pillar": "city",
        "text": "Mehr Bänke",
        "name": "Änne Müller",
        "organisation": "Verein",
        "state": "received",
        "created_at": NOW,
    }
    return add(tx, "ideas", **(row | values))


def consent(tx: Transaction, event: EventId, **values: Any) -> int:  # noqa: ANN401
    row = {
        "event_id": event,
        "slug": "broadcast",
        "version": "1",
        "language": "de",
        "wording": "Ich bin zu sehen.",
        "state": "given",
        "given_at": NOW,
    }
    return add(tx, "consents", **(row | values))


def companion(tx: Transaction, registration: int, **values: Any) -> int:  # noqa: ANN401
    row = {"registration_id": registration, "rank": 1, "name": "Ben Öz", "child": False}
    return add(tx, "companions", **(row | values))


def test_registrations_have_an_order_and_no_names_unless_asked_for(database: Database) -> None:
    with database.transaction() as tx:
        event = saved(tx)
        number = registered(tx, event, event.places[0], party_size=2, arrival_number=2)
        registered(tx, event, event.places[0], state="waiting", arrival_number=1)
        guest = companion(tx, number, consent="pending")
        consent(tx, event.id, registration_id=number, state="withdrawn")
        consent(tx, event.id, registration_id=number)
        consent(tx, event.id, registration_id=number, companion_id=guest, state="withdrawn")

        rows = as_json(tx, Subject.REGISTRATIONS)

    assert [row["arrival_number"] for row in rows] == [1, 2]
    assert rows[1] == {
        "event": "auftakt",
        "arrival_number": 2,
        "arrived_at_local": "2020-08-03T12:00:00+02:00",
        "arrived_at_utc": "2020-08-03T10:00:00Z",
        "time_zone": "Europe/Berlin",
        "place": "saal",
        "state": "confirmed",
        "party_size": 2,
        "channel": "telegram",
        "consents": ["broadcast: given", "companion 1: pending"],
    }


def test_registrations_with_personal_data_say_who_comes_but_not_what_they_need(
    database: Database,
) -> None:
    with database.transaction() as tx:
        event = saved(tx)
        number = registered(tx, event, event.places[0], needs="Rollstuhl", organisation="Verein")
        companion(tx, number, rank=2, name="=1+1")
        companion(tx, number, rank=1)
        consent(tx, event.id, registration_id=number, slug="needs")

        (row,) = as_csv(tx, Subject.REGISTRATIONS, with_personal_data=True)

    assert row["name"] == "Änne Müller"
    assert row["organisation"] == "Verein"
    assert (row["contact_kind"], row["contact"]) == ("email", "aenne@example.org")
    assert row["companions"] == "Ben Öz | =1+1"
    assert row["consents"] == ""
    assert "Rollstuhl" not in str(row)


def test_ideas_have_no_names_unless_asked_for(database: Database) -> None:
    expected = {
        "reference": "CR-2020-0001",
        "event": "auftakt",
        "origin": "room",
        "kind": "idea",
        "pillar": "city",
        "text": "Mehr Bänke",
        "state": "received",
        "created_at_local": "2020-08-03T12:00:00+02:00",
        "created_at_utc": "2020-08-03T10:00:00Z",
        "time_zone": "Europe/Berlin",
        "has_picture": True,
    }
    with database.transaction() as tx:
        picture = {"person_id": person(tx), "media_type": "image/png", "content": b"x"}
        tx.execute(insert(tables.pictures).values(id="p", created_at=NOW, **picture))
        idea(tx, event_id=saved(tx).id, origin="room", picture_id="p")

        assert as_json(tx, Subject.IDEAS) == [expected]
        assert as_json(tx, Subject.IDEAS, with_personal_data=True) == [
            expected | {"name": "Änne Müller", "organisation": "Verein"}
        ]


def test_an_idea_outside_an_event_has_empty_cells(database: Database) -> None:
    with database.transaction() as tx:
        idea(tx)

        (row,) = as_csv(tx, Subject.IDEAS)
        assert (row["event"], row["origin"], row["has_picture"]) == ("", "", "false")


def test_an_idea_that_was_taken_back_is_counted_but_not_quoted(database: Database) -> None:
    with database.transaction() as tx:
        idea(tx, state="withdrawn")

        (row,) = as_json(tx, Subject.IDEAS, with_personal_data=True)
        assert (row["text"], row["name"], row["organisation"]) == ("", "", "")


def test_consents_name_the_one_whom_they_are_about(database: Database) -> None:
    with database.transaction() as tx:
        event = saved(tx)
        number = registered(tx, event, event.places[0], arrival_number=4)
        consent(tx, event.id, registration_id=number)
        consent(
            tx,
            event.id,
            registration_id=number,
            companion_id=companion(tx, number),
            state="withdrawn",
            withdrawn_at=NOW + timedelta(hours=1),
        )
        consent(tx, event.id, registration_id=number, slug="needs")

        rows = as_csv(tx, Subject.CONSENTS, with_personal_data=True)
        without_names = as_csv(tx, Subject.CONSENTS)

    assert rows == [
        {
            "event": "auftakt",
            "arrival_number": "4",
            "slug": "broadcast",
            "version": "1",
            "language": "de",
            "state": "given",
            "given_at_local": "2020-08-03 12:00:00",
            "given_at_utc": "2020-08-03 10:00:00",
            "withdrawn_at_local": "",
            "withdrawn_at_utc": "",
            "time_zone": "Europe/Berlin",
            "name": "Änne Müller",
        },
        rows[0]
        | {
            "state": "withdrawn",
            "withdrawn_at_local": "2020-08-03 13:00:00",
            "withdrawn_at_utc": "2020-08-03 11:00:00",
            "name": "Ben Öz",
        },
    ]
    assert [list(row)[-1] for row in without_names] == ["time_zone", "time_zone"]


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("subject", Subject)
def test_access_data_is_in_no_export(database: Database, subject: Subject, form: Format) -> None:
    with database.transaction() as tx:
        event = saved(tx)
        tx.execute(tables.places.update().values(access="zoom-secret"))
        number = registered(tx, event, event.places[0])
        consent(tx, event.id, registration_id=number)
        idea(tx, event_id=event.id)

        pieces = export(tx, subject, form, with_personal_data=True)
        content = str(workbook(pieces) if form is Format.XLSX else b"".join(pieces))

    assert "auftakt" in content
    assert "zoom-secret" not in content


@pytest.mark.parametrize("subject", Subject)
def test_an_export_can_be_about_one_event(database: Database, subject: Subject) -> None:
    with database.transaction() as tx:
        for reference, event in enumerate((EVENT, another("second", starts_at=START))):
            stored = saved(tx, replace(event))
            number = registered(tx, stored, stored.places[0])
            consent(tx, stored.id, registration_id=number)
            idea(tx, event_id=stored.id, reference=str(reference))

        assert len(as_json(tx, subject)) == 2
        assert [row["event"] for row in as_json(tx, subject, event_slug="second")] == ["second"]


def test_an_unknown_event_is_refused_before_anything_is_written(database: Database) -> None:
    with database.transaction() as tx, pytest.raises(OperatorError, match="“nowhere”"):
        export(tx, Subject.IDEAS, Format.CSV, event_slug="nowhere")


@pytest.mark.parametrize("subject", Subject)
def test_an_empty_export_is_still_a_file(database: Database, subject: Subject) -> None:
    with database.transaction() as tx:
        assert as_json(tx, subject) == []
        assert as_csv(tx, subject) == []
        assert b"".join(export(tx, subject, Format.CSV)).startswith(b"\xef\xbb\xbf")


def test_csv_keeps_to_its_standard(database: Database) -> None:
    words = 'Sie sagte: "Bänke, bitte!"\nUnd ging.'
    with database.transaction() as tx:
        idea(tx, text=words)

        content = b"".join(export(tx, Subject.IDEAS, Format.CSV)).decode("utf-8-sig")
        assert as_csv(tx, Subject.IDEAS)[0]["text"] == words

    assert content.startswith("reference;event;origin;kind;pillar;text;")
    assert content.endswith(
        ";received;2020-08-03 12:00:00;2020-08-03 10:00:00;Europe/Berlin;false\r\n"
    )
    assert '"Sie sagte: ""Bänke, bitte!""\nUnd ging."' in content


def test_json_keeps_words_as_they_are(database: Database) -> None:
    with database.transaction() as tx:
        idea(tx, text="=1+1")

        assert as_json(tx, Subject.IDEAS)[0]["text"] == "=1+1"
        assert as_csv(tx, Subject.IDEAS)[0]["text"] == "'=1+1"


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
def test_a_telephone_number_can_be_read_and_dialled(database: Database, form: Format) -> None:
    with database.transaction() as tx:
        event = saved(tx)
        number = {"contact_kind": "phone", "contact": "+4923051062101"}
        registered(tx, event, event.places[0], **number)

        pieces = export(tx, Subject.REGISTRATIONS, form, with_personal_data=True)
        if form is Format.XLSX:
            assert "+49 2305 1062101" in workbook(pieces)[1]
        else:
            assert b";+49 2305 1062101;" in b"".join(pieces)


@pytest.mark.slow
def test_a_large_export_is_read_in_portions_and_is_complete(database: Database) -> None:
    with database.transaction() as tx:
        event = saved(tx)
        somebody = person(tx)
        rows = [
            {
                "event_id": event.id,
                "place_id": event.places[0].id,
                "person_id": somebody,
                "arrival_number": number,
                "arrived_at": datetime(2020, 8, 3, tzinfo=UTC),
                "state": "cancelled",
                "party_size": 1,
                "channel": "telegram",
                "name": "N" * 1000,
                "contact_kind": "chat",
                "contact": "",
                "organisation": "",
                "needs": "",
            }
            for number in range(1, 6002)
        ]
        tx.execute(insert(tables.registrations), rows)
        del rows
        tracemalloc.start()
        pieces = 0
        for piece in export(tx, Subject.REGISTRATIONS, Format.CSV, with_personal_data=True):
            pieces += piece.count(b"\r\n")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert pieces == 6002
    assert peak < 4_000_000
