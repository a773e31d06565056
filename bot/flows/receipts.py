"""What came of a command about seats: receipts, places in the line, and kind refusals."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue.flow import Command, Told
from bot.dialogue.messages import Attachment, Reply
from bot.domain.consents import ConsentState
from bot.domain.facts import Facts
from bot.domain.outcomes import (
    AlreadyRegistered,
    Amended,
    Cancelled,
    CompanionAnswered,
    CompanionCode,
    ConsentMissing,
    ConsentWithdrawn,
    EventCancelled,
    InLine,
    NotThere,
    OnlyThemselves,
    RegistrationClosed,
    Seated,
    SeatOutcome,
    Smaller,
    Split,
    TooLarge,
    TooLate,
)
from bot.domain.seats import RegistrationState
from bot.flows import wording
from bot.flows.wording import RULE_IN_SHORT, RULE_OF_ORDER
from bot.i18n import Joined, Renderable, _, lines, paragraphs


def told(_command: Command, outcome: SeatOutcome, facts: Facts) -> Told:
    """Say what came of a command."""
    match outcome:
        case Seated():
            return _one(seated(outcome, facts), outcome)
        case InLine():
            return Told((Reply(in_line(outcome, facts)),))
        case Split(first, rest):
            text = paragraphs(
                seated(first, facts),
                _("The others wait in line at position {position}. I will write to you.").format(
                    position=rest.position
                ),
            )
            return _one(text, first)
        case Cancelled():
            return Told((Reply(_cancelled(outcome)),))
        case Smaller(name=name, party_size=size):
            smaller = _("{name} is not coming any more. I have noted {people} for you.")
            people = wording.people(size)
            return Told((Reply(smaller.format(name=name, people=people)),))
        case Amended():
            return Told((Reply(_("I have changed that.")),))
        case ConsentWithdrawn():
            return _withdrawn(outcome, facts)
        case CompanionAnswered():
            return Told((Reply(_answered(outcome, facts)),))
        case _:
            return Told((Reply(_refused(outcome, facts)),))


def _one(text: Renderable, seat: Seated) -> Told:
    calendar = Attachment("calendar", seat.registration)
    return Told((Reply(text, attachments=(calendar,)),))


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
            _("{people}, arrival number {number}").format(
                people=wording.people(seat.party_size), number=seat.arrival_number
            ),
        ),
        _codes(seat.codes),
        RULE_IN_SHORT,
        _("If you cannot come after all, please say so with /mine: your seat passes on at once."),
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
            _("{people}, arrival number {number}").format(
                people=wording.people(waiting.party_size), number=waiting.arrival_number
            ),
        ),
        _("Until then you keep your seat: {place}.").format(place=kept.title) if kept else None,
        _codes(waiting.codes),
        RULE_OF_ORDER,
        _(
            "When it is your turn, your seat is confirmed by itself, and I write to you at once. "
            "/mine shows your position; there you can also leave the list."
        ),
    )


def _codes(codes: tuple[CompanionCode, ...]) -> Renderable | None:
    if not codes:
        return None
    return lines(
        _(
            "Nobody can agree for another adult. So please pass these codes on: each companion "
            "types theirs in a chat with me, or decides at the door."
        ),
        *(Joined((code.name, _code(code.code)), by=": ") for code in codes),
    )


def _code(code: str) -> Renderable:
    return Markup("<code>companion-{}</code>").format(code)


def _cancelled(outcome: Cancelled) -> Renderable:
    if outcome.was is RegistrationState.WAITING:
        return _("You are no longer on the waiting list. Thank you for telling us.")
    return _(
        "Your seat is given back and passes on to the next in line. Thank you for telling us. "
        "If you register again, you get a new arrival number at the end of the line."
    )


def _withdrawn(outcome: ConsentWithdrawn, facts: Facts) -> Told:
    done = _("Your consent is withdrawn, from now on.")
    match outcome.now:
        case Seated():
            return _one(paragraphs(done, seated(outcome.now, facts)), outcome.now)
        case InLine():
            return Told((Reply(paragraphs(done, in_line(outcome.now, facts))),))
        case None:
            return Told((Reply(paragraphs(done, _mine())),))


def _mine() -> Renderable:
    return _("/mine shows what you have now.")


def _answered(outcome: CompanionAnswered, facts: Facts) -> Renderable:
    event = facts.event(outcome.event)
    if outcome.state is ConsentState.GIVEN:
        return paragraphs(
            _("Thank you, {name}! Your seat is settled. See you at:").format(name=outcome.name),
            lines(event.title, wording.when(event)),
        )
    return paragraphs(
        _("That is fine, {name}. Your seat passes on, and nobody will film you.").format(
            name=outcome.name
        ),
        wording.live(event),
    )


def _refused(outcome: SeatOutcome, facts: Facts) -> Renderable:
    match outcome:
        case RegistrationClosed(event):
            return paragraphs(
                _("I am sorry, registration closed before your final yes arrived."),
                wording.by_hand(facts.event(event), facts.city),
            )
        case EventCancelled(event):
            return _("I am sorry, “{event}” has been cancelled.").format(
                event=facts.event(event).title
            )
        case AlreadyRegistered(state=RegistrationState.WAITING):
            return paragraphs(_("You are already in line for this event."), _mine())
        case AlreadyRegistered():
            return paragraphs(_("You already have this seat."), _mine())
        case ConsentMissing(event):
            return _(
                "The wording of a consent has changed in the meantime. Please begin again with "
                "/register, so that you can read it."
            )
        case TooLarge(capacity=capacity):
            return _(
                "Your group is larger than the whole place, which holds {seats}. Please register "
                "in smaller groups with /register."
            ).format(seats=wording.people(capacity))
        case OnlyThemselves():
            return _(
                "This code is for your companion. Please pass it on: everybody agrees for "
                "themselves, in a chat of their own."
            )
        case TooLate():
            return _("The event has begun; seats cannot be changed any more.")
        case NotThere():
            return paragraphs(_("That registration does not exist any more."), _mine())
        case _:
            message = f"no words for {type(outcome).__name__}"
            raise LookupError(message)
