"""What came of a command about seats: receipts, places in the line, what has changed."""

from __future__ import annotations

from bot.dialogue.contacts import spoken
from bot.dialogue.flow import Command, Told
from bot.dialogue.messages import Attachment, Reply
from bot.domain.consents import ConsentState
from bot.domain.facts import Facts
from bot.domain.outcomes import (
    AgreedAnew,
    Amended,
    Cancelled,
    CodeRenewed,
    CompanionAnswered,
    CompanionCode,
    ConsentWithdrawn,
    Grown,
    InLine,
    PassedOn,
    Renamed,
    Seated,
    SeatOutcome,
    Smaller,
    Split,
)
from bot.domain.seats import (
    Amend,
    RegistrationId,
    RegistrationState,
    WithdrawConsent,
    WithdrawOne,
)
from bot.flows import access, group_receipts, my_company, onward, wording
from bot.flows.invitations import invitations
from bot.flows.onward import EVENTS, MINE
from bot.i18n import Renderable, _, lines, paragraphs


def told(command: Command, outcome: SeatOutcome, facts: Facts) -> Told:
    """Say what came of a command, and offer how to go on."""
    match outcome:
        case Seated():
            return _one(seated(outcome, facts), outcome, _letters(outcome, facts))
        case InLine():
            return _waits(outcome, facts)
        case Split(first, rest):
            text = paragraphs(
                seated(first, facts),
                _("The others wait in line at position {position}. I will write to you.").format(
                    position=rest.position
                ),
            )
            return _one(text, first, _letters(first, facts, rest.codes))
        case Cancelled():
            anew = onward.register(facts.event(outcome.event).slug)
            ends = (
                (Attachment("cancellation", outcome.registration),)
                if outcome.was is RegistrationState.CONFIRMED
                else ()
            )
            reply = Reply(_cancelled(outcome), attachments=ends)
            return Told((reply,), onward.onward(anew, EVENTS, MINE))
        case Smaller(name=name, party_size=size):
            smaller = _("{name} is not coming any more. I have noted {people} for you.")
            people = wording.people(size)
            return _about(smaller.format(name=name, people=people), outcome.registration)
        case Amended():
            return _about(_amended(command), outcome.registration)
        case ConsentWithdrawn():
            return _withdrawn(command, outcome, facts)
        case CompanionAnswered():
            return _answered(outcome, facts)
        case Grown() | AgreedAnew() | Renamed() | CodeRenewed() | PassedOn():
            return group_receipts.told(outcome, facts)
        case _:
            return group_receipts.refused(command, outcome, facts)


def _one(text: Renderable, seat: Seated, letters: tuple[Reply, ...] = ()) -> Told:
    calendar = Attachment("calendar", seat.registration)
    return _about(text, seat.registration, calendar, letters=letters)


def _waits(outcome: InLine, facts: Facts) -> Told:
    """Say where somebody waits, and offer a group the seats that are kept for it."""
    place = facts.event(outcome.event).place_by_id(outcome.place)
    free = facts.occupancy(place).empty(place) if place is not None else None
    is_kept = outcome.position == 1 and free and free < outcome.party_size
    offers = (onward.take(outcome.registration),) if is_kept else ()
    ways = onward.onward(*offers, onward.registration(outcome.registration), EVENTS)
    replies = (Reply(in_line(outcome, facts)), *_letters(outcome, facts))
    return Told(replies, ways)


def _about(
    text: Renderable,
    held: RegistrationId,
    *attachments: Attachment,
    letters: tuple[Reply, ...] = (),
) -> Told:
    """Say something about a registration; `letters` are to be passed on to companions."""
    ways = onward.onward(onward.registration(held), EVENTS)
    return Told((Reply(text, attachments=attachments), *letters), ways)


def _amended(change: Amend) -> Renderable:
    """Say the new value, so that a slip is seen at once."""
    if change.name is not None:
        return _("Your name is now: {name}").format(name=change.name)
    if change.contact is not None:
        return _("This is how we reach you now: {contact}").format(contact=spoken(change.contact))
    if change.organisation is not None:
        return (
            _("You are now coming for: {name}").format(name=change.organisation)
            if change.organisation
            else _("You are now coming for yourself.")
        )
    if change.needs:
        return _("I have noted what you need: {needs}").format(needs=change.needs)
    return _("What you had told us about your needs is deleted.")


def seated(seat: Seated, facts: Facts, headline: Renderable | None = None) -> Renderable:
    """Write the receipt of a confirmed seat."""
    event = facts.event(seat.event)
    place = event.place_by_id(seat.place)
    return paragraphs(
        headline or _("<b>Your seat is confirmed.</b>"),
        lines(
            event.title,
            wording.when(event),
            place.title if place else None,
            wording.where(event.venue) if event.venue else None,
            *_party(seat, facts),
        ),
        access.follow(event, place, facts.now) if place else None,
        _("You cannot come after all? /mine passes your seat on."),
    )


def in_line(waiting: InLine, facts: Facts) -> Renderable:
    """Write the receipt of a place in the line."""
    event = facts.event(waiting.event)
    place = event.place_by_id(waiting.place)
    kept = event.place_by_id(waiting.keeps) if waiting.keeps is not None else None
    return paragraphs(
        _("<b>You are on the waiting list, at position {position}.</b>").format(
            position=waiting.position
        ),
        lines(
            event.title,
            wording.when(event),
            place.title if place else None,
            *_party(waiting, facts),
        ),
        _("Until then you keep your seat: {place}.").format(place=kept.title) if kept else None,
        wording.rule_of_order(event),
        _(
            "When it is your turn, your seat is confirmed by itself, and I write to you at once. "
            "/mine shows your position; there you can also leave the list."
        ),
    )


def _party(outcome: Seated | InLine, facts: Facts) -> tuple[Renderable | None, Renderable]:
    """Say who comes, if it is more than one, and how many they are."""
    counted = _("{people}, arrival number {number}").format(
        people=wording.people(outcome.party_size), number=str(outcome.arrival_number)
    )
    if outcome.party_size == 1:
        return None, counted
    own = (held for held in facts.registrations if held.id == outcome.registration)
    return next((wording.party(held) for held in own), None), counted


def _letters(
    held: Seated | InLine, facts: Facts, others: tuple[CompanionCode, ...] = ()
) -> tuple[Reply, ...]:
    return invitations((*held.codes, *others), held.registration, held.event, facts)


def _cancelled(outcome: Cancelled) -> Renderable:
    if outcome.was is RegistrationState.WAITING:
        return _("You are no longer on the waiting list. Thank you for telling us.")
    return _(
        "Your seat is given back and passes on to the next in line. Thank you for telling us. "
        "If you register again, you get a new arrival number at the end of the line."
    )


def _withdrawn(
    command: WithdrawConsent | WithdrawOne, outcome: ConsentWithdrawn, facts: Facts
) -> Told:
    done = _("Your consent is withdrawn, from now on.")
    if isinstance(command, WithdrawOne):
        child = next((one.child for one in facts.consents if one.id == command.consent), None)
        if child is not None:
            done = _("The consent for {name} is withdrawn, from now on.").format(
                name=child or _("a child")
            )
    match outcome.now:
        case Seated():
            return _one(paragraphs(done, seated(outcome.now, facts)), outcome.now)
        case InLine():
            waits = outcome.now.registration
            text = paragraphs(done, in_line(outcome.now, facts))
            return _about(text, waits, Attachment("calendar", waits))
        case None:
            given_back = outcome.given_back
            ends = () if given_back is None else (Attachment("cancellation", given_back),)
            text = paragraphs(done, _went_with_it(outcome, facts))
            return Told((Reply(text, attachments=ends),), onward.onward(MINE, EVENTS))


def _went_with_it(outcome: ConsentWithdrawn, facts: Facts) -> Renderable | None:
    if outcome.without is not None and outcome.without.name:
        return _("{name} is not coming any more; the seat passes on.").format(
            name=outcome.without.name
        )
    if outcome.given_back is None:
        return None
    return _("Your registration is given back: {event}.").format(
        event=wording.named(facts.event(outcome.event))
    )


def _answered(outcome: CompanionAnswered, facts: Facts) -> Told:
    """Write the receipt of a companion: what they have, and where they see it again."""
    if outcome.state is not ConsentState.GIVEN:
        text = paragraphs(
            _("That is fine, {name}. Your seat passes on, and nobody will film you.").format(
                name=outcome.name
            ),
            wording.live(facts.event(outcome.event)),
        )
        # Whoever had agreed has the date in their calendar.
        had_agreed = outcome.state is ConsentState.WITHDRAWN
        ends = (Attachment("departure", outcome.registration),) if had_agreed else ()
        return Told((Reply(text, attachments=ends),), onward.onward(MINE, EVENTS))
    held = next(
        held
        for held in reversed(facts.accompanied)
        if (held.event, held.name) == (outcome.event, outcome.name)
    )
    has_seat = held.state is RegistrationState.CONFIRMED
    text = paragraphs(
        _("Thank you, {name}! You have a seat.").format(name=held.name)
        if has_seat
        else _("Thank you, {name}! You are on the waiting list.").format(name=held.name),
        my_company.detail(held, facts.event(held.event)),
        _("You cannot come after all? /mine passes your seat on."),
    )
    calendar = (Attachment("calendar", held.registration),) if has_seat else ()
    ways = onward.onward(onward.company(held.id), EVENTS)
    return Told((Reply(text, attachments=calendar),), ways)
