"""Whatever people do in whatever order: after every command, all rules of the seats hold."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from bot.domain.events import PlaceId
from bot.domain.lines import Waiting, moving_up
from bot.domain.seats import RegistrationId
from bot.store.database import Database
from tests.services.seats.histories import History
from tests.services.seats.model import SEATED, WAITS


class Laws(History):
    """A history after each step of which everything has to be in order."""

    @invariant()
    def the_database_is_as_the_model_says(self) -> None:
        stored = [
            (
                row["person_id"],
                row["place_id"],
                row["arrived_at"],
                row["arrival_number"],
                row["state"],
                row["party_size"],
            )
            for row in self.rows("registrations")
            if row["state"] in {SEATED, WAITS}
        ]
        expected = [
            (row.person, row.place, row.arrived_at, row.number, row.state, row.size)
            for row in self.model.rows
            if row.state in {SEATED, WAITS}
        ]
        assert sorted(stored) == sorted(expected)

    @invariant()
    def everybody_concerned_is_told_once(self) -> None:
        told = [(each.person, type(each.what).__name__) for each in self.world.notices]

        assert Counter(told) == Counter(self.model.notices)
        assert max(Counter(told).values(), default=1) == 1

    @invariant()
    def counts_are_those_of_the_rows_and_within_the_capacity(self) -> None:
        people: Counter[tuple[PlaceId, str]] = Counter()
        for row in self.rows("registrations"):
            people[row["place_id"], row["state"]] += row["party_size"]
        for place in self.rows("places"):
            assert place["taken"] == people[place["id"], SEATED]
            assert place["waiting"] == people[place["id"], WAITS]
            limit = place["capacity"]
            assert limit is None or place["taken"] <= max(limit, place["tolerated"])
            assert limit is None or place["tolerated"] <= max(limit, place["taken"])

    @invariant()
    def the_line_is_served_by_the_rule(self) -> None:
        if self.model.has_begun:
            return
        rows = self.rows("registrations", state=WAITS)
        for place in self.rows("places"):
            line = sorted(
                (
                    Waiting(
                        RegistrationId(row["id"]),
                        row["arrived_at"],
                        row["arrival_number"],
                        row["party_size"],
                        behind=row["behind"],
                    )
                    for row in rows
                    if row["place_id"] == place["id"]
                ),
                key=lambda group: group.order,
            )
            free = 10**6 if place["capacity"] is None else place["capacity"] - place["taken"]
            assert not moving_up(line, free, fills_gaps=self.model.fills_gaps)

    @invariant()
    def each_person_has_at_most_one_seat_and_one_wait(self) -> None:
        held = Counter(
            (row["person_id"], row["state"])
            for row in self.rows("registrations")
            if row["state"] in {SEATED, WAITS}
        )
        assert max(held.values(), default=1) == 1

    @invariant()
    def arrival_numbers_are_never_given_twice(self) -> None:
        (event,) = self.rows("events")
        numbers = sorted(row["arrival_number"] for row in self.rows("registrations"))

        assert numbers == list(range(1, event["arrivals"] + 1))

    @invariant()
    def each_change_of_state_has_one_audit_row(self) -> None:
        history = defaultdict(list)
        for entry in self.rows("audit"):
            if "to" in entry["details"]:
                history[entry["registration_id"]].append(entry["details"])
        for row in self.rows("registrations"):
            steps = history[row["id"]]
            before = [None, *(step["to"] for step in steps)]
            assert [step["from"] for step in steps] == before[:-1]
            assert before[-1] == row["state"]
            assert all(step["from"] != step["to"] for step in steps)

    @invariant()
    def nobody_is_in_the_room_without_consent(self) -> None:
        agreed = {row["person_id"] for row in self.rows("consents", state="given")}
        for row in self.rows("registrations", place_id=self.world.room):
            assert row["state"] not in {SEATED, WAITS} or row["person_id"] in agreed


def run(database: Database, *, examples: int, steps: int) -> None:
    """Try many histories."""

    class Here(Laws):
        pass

    Here.database = database
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_all_rules_hold_after_every_command(database: Database) -> None:
    run(database, examples=10, steps=20)


@pytest.mark.soak
def test_all_rules_hold_for_a_long_time(database: Database) -> None:
    run(database, examples=200, steps=50)
