"""The bare floor on PostgreSQL: hand-made SQL through psycopg, one statement for all rows.

Arrays keep the text of each statement the same for every batch, so that the server prepares it
once. Sent as binary they were the fastest that was tried; a pipeline made nothing faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg

from tests.bench.crowds import CHANNEL, LAST, Specimen, Step
from tests.town import SUMMER

ACCEPT = """
INSERT INTO inbox (channel, update_id, received_at)
SELECT %s, update_id, %s FROM unnest(%b::text[]) AS update_id
ON CONFLICT DO NOTHING RETURNING update_id
"""
FIND = """
SELECT id, chat, person_id, language, state::text, updated_at FROM conversations
WHERE channel = %s AND chat = ANY(%b::text[]) ORDER BY id FOR UPDATE
"""
OPEN = """
WITH new AS (
  SELECT chat, nextval('persons_id_seq') AS person FROM unnest(%(chats)b::text[]) AS chat
), people AS (INSERT INTO persons (id, created_at) SELECT person, %(now)s FROM new), names AS (
  INSERT INTO identities (person_id, channel, address) SELECT person, %(channel)s, chat FROM new
)
INSERT INTO conversations (channel, chat, person_id, updated_at)
SELECT %(channel)s, chat, person, %(now)s FROM new
"""
SAVE = """
UPDATE conversations SET language = %s, state = new.state::json, updated_at = %s
FROM unnest(%b::bigint[], %b::text[]) AS new (id, state) WHERE conversations.id = new.id
"""
PUT = """
INSERT INTO outbox (channel, chat, payload, bulk, state, created_at, not_before, attempts)
SELECT %s, chat, payload::json, false, 'waiting', %s, %s, 0
FROM unnest(%b::text[], %b::text[]) AS letter (chat, payload) RETURNING id
"""
CONFIRM = """
WITH counted AS (
  UPDATE events SET arrivals = arrivals + %(party)s WHERE id = %(event_id)s RETURNING arrivals
), stored AS (
  INSERT INTO registrations (event_id, place_id, person_id, arrival_number, arrived_at, state,
    party_size, channel, name, contact_kind, contact, organisation, needs, sequence, run)
  SELECT %(event_id)s, %(place_id)s, person, arrivals - %(party)s + rank, %(now)s, 'confirmed',
    1, %(channel)s, %(name)s, %(contact_kind)s, %(contact)s, %(organisation)s, %(needs)s, 0,
    lpad((arrivals - %(party)s + rank)::text, 10, '0')
  FROM counted, unnest(%(people)b::bigint[]) WITH ORDINALITY AS guest (person, rank)
  RETURNING id, person_id
), agreed AS (
  INSERT INTO consents (person_id, registration_id, event_id, slug, version, language, wording,
    state, given_at)
  SELECT person_id, id, %(event_id)s, %(slug)s, %(version)s, %(language)s, %(wording)s, 'given',
    %(now)s
  FROM stored
), noted AS (
  INSERT INTO audit (at, what, person_id, actor_id, event_id, registration_id, details)
  SELECT %(now)s, %(what)s, person_id, person_id, %(event_id)s, id, %(details)s::json FROM stored
)
UPDATE places SET taken = taken + %(party)s WHERE id = %(place_id)s
"""


class PostgresFloor:
    """Writes what one registration leaves behind, for everybody."""

    def __init__(self, connection: psycopg.Connection[Any], specimen: Specimen) -> None:
        self._connection = connection
        self._specimen = specimen
        (consent,), (audit,) = specimen.consents, specimen.audit
        self._seat = (
            specimen.registration
            | {name: consent[name] for name in ("slug", "version", "language", "wording")}
            | {"what": audit["what"], "details": audit["details"], "now": SUMMER}
        )

    def take(self, batch: Sequence[Step]) -> None:
        """Carry out one batch in one transaction."""
        chats = [step.chat for step in batch]
        with self._connection.transaction():
            updates = [step.update for step in batch]
            self._connection.execute(ACCEPT, (CHANNEL, SUMMER, updates)).fetchall()
            people = self._people(chats)
            if newcomers := [chat for chat in chats if chat not in people]:
                new = {"chats": newcomers, "channel": CHANNEL, "now": SUMMER}
                self._connection.execute(OPEN, new)
                people = self._people(chats)
            self._confirm([people[step.chat][1] for step in batch if step.number == LAST])
            self._save(batch, people)

    def _save(self, batch: Sequence[Step], people: dict[str, tuple[int, int]]) -> None:
        rows = [people[step.chat][0] for step in batch]
        states = [self._specimen.states[step.number] for step in batch]
        self._connection.execute(SAVE, (self._specimen.language, SUMMER, rows, states))
        letters = [
            (step.chat, payload)
            for step in batch
            for payload in self._specimen.letters[step.number]
        ]
        chats, payloads = ([letter[column] for letter in letters] for column in (0, 1))
        later = SUMMER + timedelta(seconds=30)
        self._connection.execute(PUT, (CHANNEL, SUMMER, later, chats, payloads)).fetchall()

    def _people(self, chats: list[str]) -> dict[str, tuple[int, int]]:
        rows = self._connection.execute(FIND, (CHANNEL, chats)).fetchall()
        return {row[1]: (row[0], row[2]) for row in rows}

    def _confirm(self, people: list[int]) -> None:
        if people:
            self._connection.execute(CONFIRM, self._seat | {"people": people, "party": len(people)})
