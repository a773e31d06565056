"""What staff look up: who is registered, and how much there is of everything."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.addresses import unlinked
from bot.dialogue.contacts import spoken
from bot.dialogue.flow import Flow
from bot.dialogue.messages import Reply
from bot.dialogue.talk import Talk
from bot.domain.deletions import Due, Subject
from bot.domain.events import Event, Place
from bot.domain.people import Role
from bot.domain.seats import HOLDING, Registration, RegistrationState
from bot.flows import wording
from bot.flows.events import which
from bot.flows.staff.ideas import KINDS, PILLARS
from bot.i18n import Moment, Phrase, Renderable, _, lines, listed, paragraphs

MOST_REGISTRATIONS = 40


def registrations(talk: Talk) -> Reply:
    """List who is registered for an event, in order of arrival."""
    event = talk.ask("event", which(talk.facts, _("Whose registrations would you like to see?")))
    held = [one for one in talk.facts.registrations_at(event) if one.state in HOLDING]
    shown = held[:MOST_REGISTRATIONS]
    return Reply(
        paragraphs(
            _("<b>Registrations: {event}</b>").format(event=event.title),
            lines(*(_place(event, talk, place.slug) for place in event.places)),
            lines(*(_registration(one, event) for one in shown))
            if shown
            else _("Nobody has registered yet."),
            _("{count} more: <code>stadtdialog export registrations</code>").format(
                count=len(held) - len(shown)
            )
            if len(held) > len(shown)
            else None,
        )
    )


def _place(event: Event, talk: Talk, slug: str) -> Renderable | None:
    place = event.place(slug)
    if place is None or not place.registration:
        return None
    occupancy = talk.facts.occupancy(place)
    return _("{place}: {taken} of {capacity} taken, {waiting} waiting").format(
        place=place.title,
        taken=occupancy.taken,
        capacity=place.capacity if place.capacity is not None else "∞",
        waiting=occupancy.waiting,
    )


def _registration(held: Registration, event: Event) -> Phrase:
    place = event.place_by_id(held.place)
    state = _("confirmed") if held.state is RegistrationState.CONFIRMED else _waits(held, place)
    names: list[Renderable] = [unlinked(held.name)]
    names += [unlinked(companion.name) for companion in held.companions]
    return _("{number}. {names} – {place}, {state}, {contact}").format(
        number=str(held.arrival_number),
        names=listed(names),
        place=place.title if place else "",
        state=state,
        contact=spoken(held.contact),
    )


def _waits(held: Registration, place: Place | None) -> Phrase:
    """Say that somebody waits, and why others pass them, if they do."""
    if held.is_outdated:
        return _("waiting list, has to agree to new words first")
    if place is not None and place.capacity and place.capacity < held.party_size:
        return _("waiting list, more people than seats")
    return _("waiting list")


def statistics(talk: Talk) -> Reply:
    """Count conversations, seats and ideas."""
    counts = talk.facts.statistics()
    return Reply(
        paragraphs(
            _("<b>In figures</b>"),
            lines(
                _("Chats: {count}").format(count=counts.conversations),
                *(
                    lines(event.title, *(_place(event, talk, place.slug) for place in event.places))
                    for event in talk.facts.events
                ),
            ),
            lines(
                _("Ideas: {count}").format(count=sum(counts.ideas.values())),
                *(
                    _("{kind}, {pillar}: {count}").format(
                        kind=KINDS[kind], pillar=PILLARS[pillar], count=count
                    )
                    for (kind, pillar), count in sorted(counts.ideas.items())
                ),
            ),
            _deletions(counts.deletions),
        )
    )


def _deletions(announced: Sequence[Due]) -> Renderable | None:
    """Say what will be deleted, so that a wrong date can be mended in time."""
    if not announced:
        return None
    return lines(
        _("<b>Will be deleted soon</b>"),
        *(
            _("{what}, {event} ({people}): on {day}").format(
                what=SUBJECTS[due.subject],
                event=due.event_slug,
                people=wording.people(due.registrations),
                day=Moment(due.deletes_at, "date"),
            )
            for due in announced
        ),
        _("If that is too early, the date of the event is wrong: please correct its file."),
    )


SUBJECTS = {
    Subject.NEEDS: _("needs"),
    Subject.NAMES: _("names and contacts"),
    Subject.CONSENTS: _("proofs of consents"),
}


REGISTRATIONS = Flow(
    name="registrations",
    title=_("Registrations"),
    script=registrations,
    words=("registrations", "anmeldungen"),
    argument="event",
    role=Role.REGISTRAR,
    help=_("/registrations EVENT – who is registered (staff)"),
)
STATISTICS = Flow(
    name="statistics",
    title=_("Figures"),
    script=statistics,
    words=("stats", "statistik"),
    role=Role.MODERATOR,
    help=_("/stats – everything in figures (staff)"),
)
