"""Whom staff have to call because nothing reaches them in the chat, and what was set aside."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.addresses import unlinked
from bot.dialogue.contacts import spoken
from bot.dialogue.flow import Flow
from bot.dialogue.messages import Reply
from bot.dialogue.talk import Talk
from bot.domain.events import Event
from bot.domain.people import ContactKind, Role
from bot.domain.reach import Unreachable
from bot.i18n import Moment, Phrase, Renderable, _, lines, paragraphs

MOST_PEOPLE = 40


def undelivered(talk: Talk) -> Reply:
    """List the people to call, for each event, and count the letters that were set aside."""
    found = talk.facts.undelivered()
    people, more = found.people[:MOST_PEOPLE], len(found.people) - MOST_PEOPLE
    with_contact = [each for each in people if each.contact.kind is not ContactKind.CHAT]
    others = [each for each in people if each.contact.kind is ContactKind.CHAT]
    set_aside = (
        _("{count} × <code>{reason}</code>").format(count=count, reason=reason)
        for reason, count in found.set_aside.items()
    )
    return Reply(
        paragraphs(
            *_group(_("<b>Please call</b>"), talk.facts.events, with_contact),
            *_group(_("<b>Out of reach, no telephone, no e-mail</b>"), talk.facts.events, others),
            None if people else _("Everybody who is registered can be reached."),
            _("{count} more").format(count=more) if more > 0 else None,
            lines(_("<b>Not delivered in the last 30 days</b>"), *set_aside)
            if found.set_aside
            else _("Every message of the last 30 days has arrived, or is on its way."),
        )
    )


def _group(
    headline: Phrase, events: Sequence[Event], people: Sequence[Unreachable]
) -> list[Renderable | None]:
    """List people for each event, below a headline; nobody: nothing."""
    return [headline, *(_callees(event, people) for event in events)] if people else []


def _callees(event: Event, people: Sequence[Unreachable]) -> Renderable | None:
    callees = [_callee(each, event) for each in people if each.event == event.id]
    return lines(event.title, *callees) if callees else None


def _callee(each: Unreachable, event: Event) -> Phrase:
    since = Moment(event.local(each.since), "moment")
    if each.contact.kind is ContactKind.CHAT:
        return _("{name}, unreachable since {since}").format(name=unlinked(each.name), since=since)
    return _("{name} – {contact}, unreachable since {since}").format(
        name=unlinked(each.name), contact=spoken(each.contact), since=since
    )


UNDELIVERED = Flow(
    name="undelivered",
    title=_("Not delivered"),
    script=undelivered,
    words=("undelivered", "unzustellbar"),
    role=Role.REGISTRAR,
    help=_("/undelivered – who is out of reach (staff)"),
)
