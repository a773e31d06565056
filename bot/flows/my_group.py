"""Who comes with me: one more, somebody else instead, a name put right, a seat passed on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.messages import Reply
from bot.dialogue.names import Name
from bot.dialogue.questions import OneOf, Option, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.consents import ConsentState
from bot.domain.events import Event, Place
from bot.domain.seats import (
    HOLDING,
    AddCompanions,
    Companion,
    CompanionEntry,
    GroupCommand,
    PassOn,
    Registration,
    RegistrationState,
    RenameCompanion,
    RenewCode,
    TakeFree,
)
from bot.flows.events import is_open
from bot.flows.party import MOST_COMPANIONS, NAME_LENGTH, agreed, companions
from bot.i18n import Renderable, _, listed, n_, paragraphs

KEPT = Reply(_("All right, everything stays as it is."))


def ways(held: Registration, event: Event, talk: Talk) -> list[Option[str]]:
    """Offer what one can do about those who come along."""
    options = []
    if may_grow(held, event, talk):
        options.append(Option("add", _("Bring somebody else along"), "add", also=_("add")))
    if held.companions and not event.is_over(talk.now):
        options.append(Option("group", _("Change who comes with me"), "group"))
    return options


def held_for(held: Registration, event: Event, talk: Talk) -> int:
    """Count the free seats that are kept for a group because it is the first in line."""
    place = event.place_by_id(held.place)
    free = talk.facts.occupancy(place).empty(place) if place is not None else None
    is_first = held.state is RegistrationState.WAITING and held.position == 1
    if (
        not is_first
        or held.is_outdated
        or not held.with_person
        or event.cancelled
        or talk.now >= event.starts_at
    ):
        return 0
    return free if free is not None and free < held.party_size else 0


def offer(held: Registration, event: Event, talk: Talk) -> list[Option[str]]:
    """Offer the seats that are kept for a group to those who want to come at once."""
    free = held_for(held, event, talk)
    label = n_("{count} comes now, the rest waits", "{count} come now, the rest waits", free)
    return [Option("take", label, "take")] if free else []


def take(talk: Talk, held: Registration) -> TakeFree | Reply:
    """Split a group, after a last question that says who comes and who waits."""
    event = talk.facts.event(held.event)
    free = held_for(held, event, talk)
    names = [held.name, *(each.name for each in held.companions)]
    prompt = _(
        "Shall I confirm a seat for {now}? Then these go on waiting, and nobody passes them: "
        "{rest}."
    ).format(now=listed(names[:free]), rest=listed(names[free:]))
    if free and talk.ask("sure.take", yes_or_no(prompt)):
        return TakeFree(held.event, held.id)
    return KEPT


def heirs(held: Registration, event: Event) -> list[CompanionEntry]:
    """List the companions who can take over: adults who need no consent, or have given it."""
    place = event.place_by_id(held.place)
    needed = ConsentState.GIVEN if place is not None and place.consents else None
    return [
        each
        for each in held.companions
        if not each.child and (needed is None or each.consent is needed)
    ]


def group(talk: Talk, held: Registration) -> GroupCommand | Reply:
    """Pick somebody who comes along, and what is to change about them."""
    event = talk.facts.event(held.event)
    keep = Option("keep", _("Leave it as it is"), "keep")
    options = [option for each in held.companions for option in _about(each, held, event, talk)]
    asked = OneOf(prompt=_("What would you like to change?"), of=(*options, keep))
    what, _dot, number = talk.ask("group", asked).partition(".")
    companion = next((each for each in held.companions if str(each.id) == number), None)
    if companion is None:
        return KEPT
    match what:
        case "rename":
            prompt = _("How is the name of {name} written? First name and surname, please.")
            question = Name(prompt=prompt.format(name=companion.name), max_length=NAME_LENGTH)
            name = talk.ask(f"rename.{companion.id}", question)
            return RenameCompanion(held.event, held.id, companion.id, name)
        case "code":
            return RenewCode(held.event, held.id, companion.id)
        case "pass":
            return pass_on(talk, held, companion)
        case _:
            return _replace(talk, held, companion)


def pass_on(talk: Talk, held: Registration, companion: CompanionEntry) -> PassOn | Reply:
    """Let a companion take over, after a last question."""
    prompt = n_(
        "Shall {name} take over your registration? Your own seat passes on, the other one stays.",
        "Shall {name} take over your registration? Your own seat passes on, the other {count} "
        "stay.",
        held.party_size - 1,
    ).format(name=companion.name)
    if talk.ask(f"sure.pass.{companion.id}", yes_or_no(prompt)):
        return PassOn(held.event, held.id, companion.id)
    return KEPT


def add(talk: Talk, held: Registration) -> AddCompanions | Reply:
    """Ask who else is coming; the final yes is the time at which they arrive."""
    event = talk.facts.event(held.event)
    place = event.place_by_id(held.place)
    if place is None or not may_grow(held, event, talk):
        return KEPT
    coming = companions(talk, event, place, held.name, already=len(held.companions))
    if not coming:
        return KEPT
    prompt = paragraphs(
        _("Shall I add {names}?").format(names=listed(each.name for each in coming)),
        _how_it_goes(held, place, len(coming), talk),
    )
    if talk.ask("sure.add", yes_or_no(prompt)):
        return AddCompanions(held.event, held.id, coming)
    return KEPT


def _replace(talk: Talk, held: Registration, companion: CompanionEntry) -> AddCompanions | Reply:
    event = talk.facts.event(held.event)
    place = event.place_by_id(held.place)
    prompt = _("Who is coming instead of {name}? First name and surname, please.")
    question = Name(prompt=prompt.format(name=companion.name), max_length=NAME_LENGTH)
    name = talk.ask(f"instead.{companion.id}", question)
    newcomer = None if place is None else agreed(talk, 1, name, event, place)
    if place is None or newcomer is None:
        return KEPT
    sure = paragraphs(
        _("Shall I strike {name} and add {other}?").format(name=companion.name, other=name),
        _how_it_goes(held, place, 1, talk, freed=1),
    )
    if talk.ask(f"sure.instead.{companion.id}", yes_or_no(sure)):
        coming: Sequence[Companion] = (newcomer,)
        return AddCompanions(held.event, held.id, tuple(coming), companion.id)
    return KEPT


def _how_it_goes(
    held: Registration, place: Place, count: int, talk: Talk, freed: int = 0
) -> Renderable:
    """Say what the newcomers get as things stand, and that nobody else is touched."""
    occupancy = talk.facts.occupancy(place)
    free = occupancy.free(place)
    if held.state is RegistrationState.WAITING:
        return _(
            "You wait together then. Whoever is added must not pass those behind you: so this "
            "works as long as nobody stands behind you."
        )
    if free is None or (free + freed >= count and not occupancy.waiting):
        return _("As things stand there is a seat. Nothing changes for the others.")
    return _(
        "As things stand no seat is free: whoever is added goes to the end of the waiting list. "
        "Nothing changes for the others."
    )


def _about(
    companion: CompanionEntry, held: Registration, event: Event, talk: Talk
) -> list[Option[str]]:
    name, number = companion.name, companion.id
    options = [
        Option(
            f"rename.{number}", _("Correct the name: {name}").format(name=name), f"rename.{number}"
        )
    ]
    if _is_open(held, event, talk):
        label = _("Somebody else instead of {name}").format(name=name)
        options.append(Option(f"instead.{number}", label, f"instead.{number}"))
    if companion.consent is ConsentState.PENDING:
        label = _("New code for {name}").format(name=name)
        options.append(Option(f"code.{number}", label, f"code.{number}"))
    if held.with_person and companion in heirs(held, event) and talk.now < event.starts_at:
        label = _("{name} takes over my registration").format(name=name)
        options.append(Option(f"pass.{number}", label, f"pass.{number}"))
    return options


def _is_open(held: Registration, event: Event, talk: Talk) -> bool:
    place = event.place_by_id(held.place)
    return place is not None and is_open(event, place, talk)


def may_grow(held: Registration, event: Event, talk: Talk) -> bool:
    """Tell whether more people can be added: not while some of the group wait for the others."""
    others_wait = any(
        other.event == held.event and other.state in HOLDING and other.id != held.id
        for other in talk.facts.registrations
    )
    return (
        held.with_person
        and not others_wait
        and len(held.companions) < MOST_COMPANIONS
        and _is_open(held, event, talk)
    )
