"""An event as JSON and back; what is searched, compared or counted has columns of its own.

Not in the definition: slug, keyword, instants, zone and cancelled; of a place its deadline, and the
capacity that counts. The one in the definition is what the file said when it was loaded last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.events import (
    ConsentTerms,
    Event,
    LocalText,
    Place,
    PlaceId,
    PlaceKind,
    Speaker,
    Venue,
)

Json = dict[str, Any]


@dataclass(frozen=True)
class PlaceColumns:
    """What a place keeps in columns."""

    id: PlaceId
    capacity: int | None
    deadline: datetime


def definition(event: Event) -> Json:
    """Write what is not in columns as JSON; fields that are not set are left out."""
    return _without_empty(
        {
            "title": _texts(event.title),
            "summary": _texts(event.summary),
            "programme": [_texts(line) for line in event.programme],
            "speakers": [_speaker(speaker) for speaker in event.speakers],
            "venue": _venue(event.venue),
            "stream": event.stream,
            "telephone": event.telephone,
            "email": event.email,
            "cost": _texts(event.cost),
            "fill_from": event.fill_from.total_seconds(),
            "pillars": list(event.pillars),
            "places": [_place(place) for place in event.places],
        }
    )


def as_described(json: Mapping[str, Any]) -> dict[str, int | None]:
    """Read the capacity of each place as the file gave it, as far as that is known."""
    return {
        place["slug"]: place["capacity"] for place in json.get("places", ()) if "capacity" in place
    }


def fields(json: Mapping[str, Any], columns: Mapping[str, PlaceColumns]) -> Json:
    """Read a definition into the fields of an Event; `columns` has those of each place by slug."""
    return {
        "title": LocalText(json["title"]),
        "summary": LocalText(json["summary"]),
        "programme": tuple(map(LocalText, json.get("programme", ()))),
        "speakers": tuple(map(_read_speaker, json.get("speakers", ()))),
        "venue": Venue(**json["venue"]) if "venue" in json else None,
        "stream": json.get("stream", ""),
        "telephone": json.get("telephone", ""),
        "email": json.get("email", ""),
        "cost": _read_text(json.get("cost")),
        "fill_from": timedelta(seconds=json["fill_from"]),
        "pillars": tuple(json.get("pillars", ())),
        "places": tuple(
            _read_place(place, columns[place["slug"]]) for place in json.get("places", ())
        ),
    }


def _place(place: Place) -> Json:
    return _without_empty(
        {
            "slug": place.slug,
            "kind": place.kind.value,
            "title": _texts(place.title),
            "consents": [_terms(terms) for terms in place.consents],
            "note": _texts(place.note),
            "link": place.link,
        }
    ) | {"registration": place.registration, "capacity": place.capacity}


def _read_place(json: Mapping[str, Any], columns: PlaceColumns) -> Place:
    return Place(
        id=columns.id,
        slug=json["slug"],
        kind=PlaceKind(json["kind"]),
        title=LocalText(json["title"]),
        capacity=columns.capacity,
        deadline=columns.deadline,
        consents=_read_consents(json.get("consents", ())),
        note=_read_text(json.get("note")),
        link=json.get("link", ""),
        registration=json["registration"],
    )


def _terms(terms: ConsentTerms) -> Json:
    return _without_empty(
        {
            "slug": terms.slug,
            "version": terms.version,
            "title": _texts(terms.title),
            "wording": _texts(terms.wording),
            "link": terms.link,
            "guardian": _texts(terms.guardian),
        }
    )


def _read_consents(json: Iterable[Mapping[str, Any]]) -> tuple[ConsentTerms, ...]:
    return tuple(
        ConsentTerms(
            slug=terms["slug"],
            version=terms["version"],
            title=LocalText(terms["title"]),
            wording=LocalText(terms["wording"]),
            link=terms.get("link", ""),
            guardian=_read_text(terms.get("guardian")),
        )
        for terms in json
    )


def _speaker(speaker: Speaker) -> Json:
    return _without_empty(
        {"name": speaker.name, "role": _texts(speaker.role), "topic": _texts(speaker.topic)}
    )


def _read_speaker(json: Mapping[str, Any]) -> Speaker:
    return Speaker(json["name"], LocalText(json["role"]), _read_text(json.get("topic")))


def _venue(venue: Venue | None) -> Json | None:
    if venue is None:
        return None
    place = {"name": venue.name, "address": venue.address}
    if venue.latitude is None:
        return place
    return place | {"latitude": venue.latitude, "longitude": venue.longitude}


def _texts(text: LocalText | None) -> Json | None:
    return None if text is None else dict(text.texts)


def _read_text(json: Mapping[str, str] | None) -> LocalText | None:
    return None if json is None else LocalText(json)


def _without_empty(json: Json) -> Json:
    return {key: value for key, value in json.items() if value not in (None, "", [])}
