"""What somebody else has registered for me: look at it, and say that I am not coming."""

from __future__ import annotations

from bot.dialogue.flow import Begin, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.events import Event
from bot.domain.seats import HOLDING, Accompanied, LeaveGroup, RegistrationState
from bot.flows import access, onward, wording
from bot.i18n import Phrase, Renderable, _, lines, paragraphs


def is_past(held: Accompanied, talk: Talk) -> bool:
    """Tell whether nothing can be done with it any more."""
    return held.state not in HOLDING or talk.facts.event(held.event).is_over(talk.now)


def in_brief(held: Accompanied, talk: Talk) -> Phrase:
    """Say in a line what it is worth, and with whom one comes."""
    event = talk.facts.event(held.event)
    named: dict[str, Renderable] = {"event": wording.named(event), "name": held.registered_by}
    if event.cancelled:
        return _("{event}: cancelled").format(event=named["event"])
    if held.state not in HOLDING:
        return _("{event}: given back").format(event=named["event"])
    if event.is_over(talk.now):
        return _("{event}: is over").format(event=named["event"])
    if held.state is RegistrationState.CONFIRMED:
        return _("{event}: seat confirmed, with {name}").format(**named)
    return _("{event}: waiting list, with {name}").format(**named)


def company(talk: Talk, held: Accompanied) -> LeaveGroup | Begin | Told | Reply:
    """Show a companion their seat, and do with it what they want."""
    event = talk.facts.event(held.event)
    if is_past(held, talk):
        ways = onward.onward(onward.CONSENTS, onward.EVENTS, onward.MINE)
        return Told((Reply(detail(held, event)),), ways)
    prompt = paragraphs(detail(held, event), _("What would you like to do?"))
    match talk.ask("action", OneOf(prompt=prompt, of=tuple(_actions(held, event, talk)))):
        case "access" | "calendar" as what:
            return access.again(what, held.registration)
        case "consents":
            return Begin("mine", {"target": "consents"})
        case "leave":
            sure = _(
                "Shall I tell {name} that you are not coming? Your seat passes on, and your "
                "consent ends."
            ).format(name=held.registered_by)
            if talk.ask("sure.leave", yes_or_no(sure)):
                return LeaveGroup(held.event, held.id)
        case _:
            pass
    return Reply(_("All right, everything stays as it is."))


def detail(held: Accompanied, event: Event) -> Renderable:
    """Say what one comes to, with whom, and what the seat is worth."""
    place = event.place_by_id(held.place)
    if event.cancelled:
        state: Renderable = _("This event has been cancelled.")
    elif held.state is RegistrationState.CONFIRMED:
        state = _("Seat confirmed, arrival number {number}").format(number=held.arrival_number)
    elif held.state is RegistrationState.WAITING:
        state = _("Waiting list, position {position}, arrival number {number}").format(
            position=held.position or 0, number=held.arrival_number
        )
    else:
        state = _("{name} has given this back.").format(name=held.registered_by)
    return paragraphs(
        _("<b>{event}</b>\n{when}").format(event=event.title, when=wording.when(event)),
        lines(
            place.title if place else None,
            wording.where(event.venue) if event.venue else None,
            state,
            _("Name: {name}").format(name=held.name),
            _("Registered by: {name}").format(name=held.registered_by),
        ),
    )


def _actions(held: Accompanied, event: Event, talk: Talk) -> list[Option[str]]:
    options = [
        Option("consents", _("My consents"), "consents", also=_("consent, withdraw")),
        Option("keep", _("Leave it as it is"), "keep"),
    ]
    if event.cancelled:
        return options
    if held.state is RegistrationState.CONFIRMED:
        options.insert(0, Option("calendar", _("Calendar file"), "calendar"))
    if held.has_access and held.state is RegistrationState.CONFIRMED:
        options.insert(0, access.SEE)
    if talk.now >= event.starts_at:
        return options
    return [*options, Option("leave", _("I am not coming"), "leave")]
