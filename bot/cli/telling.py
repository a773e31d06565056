"""Before people are told something: who would hear what, and whether that is meant."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from bot.domain.outcomes import (
    AskedAnew,
    CalledOff,
    GroupFits,
    GroupTooLarge,
    MovedBack,
    MovedUp,
    Postponed,
    StreamChanged,
    TakesPlace,
)
from bot.services.acts import Notice
from bot.store.database import Database, Transaction


def somebody_is_there() -> bool:
    """Tell whether there is somebody to ask: at a terminal, not at the end of a pipe or of cron."""
    return sys.stdin is not None and sys.stdin.isatty()


def tallied(notices: Iterable[Notice]) -> Iterator[str]:
    """Count who would be told what."""
    for news, count in Counter(map(_news, notices)).items():
        yield f"{count} {'person' if count == 1 else 'people'}: {news}"


def ask_before_telling(
    database: Database, rehearse: Callable[[Transaction], Sequence[Notice]]
) -> None:
    """Ask on a terminal before anybody is told what a command would mean for them.

    The question is asked outside of a transaction: nobody waits for the answer. So one more or one
    less may be told in the end than was said here.
    """
    if not somebody_is_there():
        return
    with database.rehearsal() as tx:
        told = rehearse(tx)
    confirm(told)


def confirm(told: Sequence[Notice], why: Iterable[str] = ()) -> None:
    """Show who is told what at once, and go on only after a yes."""
    if told:
        click.echo("\n".join((*why, "Told at once:", *tallied(told))), err=True)
        click.confirm("Is that meant?", abort=True, err=True)


def _news(notice: Notice) -> str:
    match notice.what:
        case CalledOff():
            return "it is called off"
        case TakesPlace():
            return "it takes place after all"
        case Postponed():
            return "a new date or a new venue"
        case StreamChanged():
            return "another live stream"
        case MovedUp():
            return "they have a seat now"
        case MovedBack():
            return "they lose their seat and wait"
        case AskedAnew():
            return "they are asked for a new consent"
        case GroupTooLarge():
            return "their group has become too large for the place"
        case GroupFits():
            return "the place has seats enough for their group again"
        case _:
            return "something has changed for them"
