"""Ideas: handed in, changed, and taken back by their authors."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ideas import (
    AmendIdea,
    HandedIn,
    HandIn,
    IdeaAmended,
    IdeaNotThere,
    IdeaWithdrawn,
    WithdrawIdea,
)
from bot.services.acts import Actor, Result
from bot.store import audit, ideas
from bot.store.database import Transaction


def hand_in(tx: Transaction, command: HandIn, actor: Actor, prefix: str) -> Result[HandedIn]:
    """Store an idea under the next reference of the year ("CR-2026-0001")."""
    picture = command.picture
    if picture is not None and not ideas.has_picture(tx, picture, actor.person):
        command = replace(command, picture=None)  # it was cleared away in the meantime
    year = actor.now.year
    number = ideas.next_number(tx, f"ideas {year}")
    reference = f"{prefix}-{year}-{number:04}"
    entered = ideas.Entry(reference, actor.person, actor.run, actor.now)
    idea = ideas.add(tx, command, entered)
    entry = audit.Entry(
        at=actor.now,
        what="idea handed in",
        person=actor.person,
        actor=actor.person,
        event=command.event,
        idea=idea,
    )
    audit.record(tx, [entry])
    return Result(HandedIn(idea, reference, command.event))


def amend(tx: Transaction, command: AmendIdea, actor: Actor) -> Result[IdeaAmended | IdeaNotThere]:
    """Change one's own idea, as long as nobody has worked on it."""
    picture = command.picture
    if picture is not None and not ideas.has_picture(tx, picture, actor.person):
        command = replace(command, picture=None)  # it was cleared away in the meantime
    changed = ideas.amend(tx, command, actor.person)
    if changed is None:
        return Result(IdeaNotThere())
    entry = audit.Entry(
        at=actor.now,
        what="idea changed",
        person=actor.person,
        actor=actor.person,
        idea=command.idea,
    )
    audit.record(tx, [entry])
    return Result(changed)


def withdraw(
    tx: Transaction, command: WithdrawIdea, actor: Actor
) -> Result[IdeaWithdrawn | IdeaNotThere]:
    """Take back one's own idea; its text and picture are deleted, its reference stays taken."""
    reference = ideas.withdraw(tx, command.idea, actor.person)
    if reference is None:
        return Result(IdeaNotThere())
    entry = audit.Entry(
        at=actor.now,
        what="idea withdrawn",
        person=actor.person,
        actor=actor.person,
        idea=command.idea,
    )
    audit.record(tx, [entry])
    return Result(IdeaWithdrawn(reference))
