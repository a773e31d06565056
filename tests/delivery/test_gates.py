"""The gate: who passes while a network asks to wait or does not answer, and who is to blame."""

from __future__ import annotations

from math import inf

from bot.delivery.gates import Gate


def failing(gate: Gate, *letters: int, now: float = 0.0) -> None:
    for letter in letters:
        gate.passes(letter)
        gate.without_answer(letter, "ReadTimeout", now)


def test_after_one_letter_without_an_answer_the_next_one_is_tried_at_once() -> None:
    gate = Gate("network")
    failing(gate, 1)

    assert gate.opens_in(0.0) == 0
    gate.passes(2)
    assert gate.opens_in(0.0) == inf


def test_after_two_of_them_everybody_waits() -> None:
    gate = Gate("network")
    failing(gate, 1, 2)

    assert gate.opens_in(0.0) == 0.5
    failing(gate, 3, now=0.5)
    assert gate.opens_in(0.5) == 1.0


def test_letters_that_were_under_way_do_not_make_the_pause_longer() -> None:
    gate = Gate("network")
    for letter in range(64):
        gate.passes(letter)
    for letter in range(64):
        gate.without_answer(letter, "ReadTimeout", 0.0)

    assert gate.opens_in(0.0) == 0.5


def test_a_letter_is_blamed_only_if_it_alone_was_not_answered() -> None:
    gate = Gate("network")
    failing(gate, 1, 1)
    assert gate.answered(2) == 1

    failing(gate, 1, 2)
    assert gate.answered(3) is None
    failing(gate, 1)
    assert gate.answered(1) is None
    assert gate.opens_in(0.0) == 0


def test_an_answer_does_not_end_a_pause_that_the_network_has_asked_for() -> None:
    gate = Gate("network")
    gate.close_until(30.0)
    failing(gate, 1, 2)
    gate.answered(3)

    assert gate.opens_in(10.0) == 20.0


def test_a_fault_of_the_program_lets_the_next_one_be_tried() -> None:
    gate = Gate("network")
    failing(gate, 1)
    gate.passes(2)
    gate.returned(2)

    assert gate.opens_in(0.0) == 0
