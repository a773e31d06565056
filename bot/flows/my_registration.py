"""One's own registration: look at it, change it, give it back, withdraw a consent."""

from __future__ import annotations

from bot.dialogue.consenting import consent
from bot.dialogue.contacts import spoken
from bot.dialogue.denials import declinable
from bot.dialogue.flow import Begin
from bot.dialogue.messages import Reply
from bot.dialogue.names import Name
from bot.dialogue.questions import NO_WORDS, YES, OneOf, Option, Text, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.consents import NEEDS, ConsentState
from bot.domain.events import Event, Place
from bot.domain.people import HERE
from bot.domain.seats import (
    Amend,
    Cancel,
    CancelCompanion,
    CompanionEntry,
    PassOn,
    Registration,
    RegistrationState,
    SeatCommand,
    WithdrawConsent,
)
from bot.flows import access, my_group, passed_over, wording
from bot.flows.details import NEEDS_LENGTH, ORGANISATION, REACH
from bot.flows.party import NAME_LENGTH
from bot.flows.terms import NEEDS_TERMS
from bot.i18n import Renderable, _, lines, listed, n_, paragraphs

KEPT = Reply(_("All right, everything stays as it is."))


def registration(talk: Talk, held: Registration) -> SeatCommand | Begin | Reply:
    """Show a registration, and do with it what its owner wants."""
    event = talk.facts.event(held.event)
    place = event.place_by_id(held.place)
    action = talk.ask(
        "action",
        OneOf(
            prompt=_detail(held, event, place, talk),
            of=tuple(_actions(held, event, talk)),
            behind=(*_changes(), *_withdrawals(held, place)),
        ),
    )
    if action == "consents":
        return Begin("mine", {"target": "consents"})
    if action == "change":
        keep = Option("keep", _("Leave it as it is"), "keep")
        prompt = _("What would you like to change?")
        action = talk.ask("what", OneOf(prompt=prompt, of=(*_changes(), keep)))
    match action.partition(".")[::2]:
        case ("agree", _rest):
            return passed_over.agree_anew(talk, held)
        case ("cancel", _rest):
            return _cancel(talk, held, event)
        case ("take", _rest):
            return my_group.take(talk, held)
        case ("add", _rest):
            return my_group.add(talk, held)
        case ("group", _rest):
            return my_group.group(talk, held)
        case ("companion", number):
            return _without(talk, held, int(number))
        case ("withdraw", slug):
            return withdraw(talk, held, event, slug)
        case ("access" | "calendar", _rest):
            return access.again(action, held.id)
        case ("change", what):
            return _change(talk, held, what)
        case _:
            return KEPT


def _detail(held: Registration, event: Event, place: Place | None, talk: Talk) -> Renderable:
    waits = held.state is RegistrationState.WAITING
    if event.cancelled:
        state: Renderable = _("This event has been cancelled.")
    elif waits and talk.now >= event.starts_at:
        state = _("The event has begun, and no seat has become free for you.")
    elif held.state is RegistrationState.CONFIRMED:
        state = _("Seat confirmed, arrival number {number}").format(number=str(held.arrival_number))
    else:
        state = _("Waiting list, position {position}, arrival number {number}").format(
            position=held.position or 0, number=str(held.arrival_number)
        )
    return paragraphs(
        _("<b>{event}</b>\n{when}").format(event=event.title, when=wording.when(event)),
        lines(
            place.title if place else None,
            state,
            _("Name: {name}").format(name=held.name),
            _("For: {name}").format(name=held.organisation) if held.organisation else None,
            _("Contact: {contact}").format(contact=spoken(held.contact)),
            _("With you: {names}").format(
                names=listed(_companion(companion) for companion in held.companions)
            )
            if held.companions
            else None,
            _("Needs: {needs}").format(needs=held.needs) if held.needs else None,
        ),
        passed_over.reason(held, place) if talk.now < event.starts_at else None,
        access.follow(event, place, talk.now)
        if place
        and held.state is RegistrationState.CONFIRMED
        and not (event.cancelled or held.has_access)
        else None,
        wording.rule_of_order(event)
        if waits and not event.cancelled and talk.now < event.starts_at
        else None,
        _("What would you like to do?"),
    )


def _companion(companion: CompanionEntry) -> Renderable:
    if companion.consent is ConsentState.PENDING:
        return _("{name} (consent still open)").format(name=companion.name)
    return companion.name


def _actions(held: Registration, event: Event, talk: Talk) -> list[Option[str]]:
    """Offer what is harmless first, and what gives something back last."""
    keep = Option("keep", _("Leave it as it is"), "keep")
    options = [
        Option("change", _("Change my details"), "change", also=_("change")),
        Option("consents", _("My consents"), "consents", also=_("consent, withdraw")),
        keep,
    ]
    if not any(consent.event == event.id for consent in talk.facts.consents):
        del options[1]
    if event.cancelled:
        return options[1:]
    if held.state is RegistrationState.CONFIRMED:
        options.insert(0, Option("calendar", _("Calendar file"), "calendar"))
    if held.has_access:
        options.insert(0, access.SEE)
    options[-1:-1] = my_group.ways(held, event, talk)
    options[:0] = my_group.offer(held, event, talk)
    if held.is_outdated:
        options.insert(0, Option("agree", _("Read the new wording"), "agree", also=_("agree")))
    if talk.now >= event.starts_at:
        return options
    options += [
        Option(
            f"companion.{companion.id}",
            _("{name} is not coming").format(name=companion.name),
            f"companion.{companion.id}",
        )
        for companion in held.companions
    ]
    cancel = (
        _("Give back my seat")
        if held.state is RegistrationState.CONFIRMED
        else _("Leave the waiting list")
    )
    return [*options, Option("cancel", cancel, "cancel", also=wording.NOT_COMING)]


def _changes() -> list[Option[str]]:
    return [
        Option("change.name", _("Change the name"), "change.name"),
        Option("change.contact", _("Change the contact"), "change.contact"),
        Option("change.organisation", _("Change whom I come for"), "change.organisation"),
        Option("change.needs", _("Change what I need"), "change.needs"),
    ]


def _withdrawals(held: Registration, place: Place | None) -> list[Option[str]]:
    titles: list[tuple[str, Renderable]] = [
        (terms.slug, terms.title) for terms in (place.consents if place else ())
    ]
    if held.needs:
        titles.append((NEEDS, NEEDS_TERMS.title))
    return [
        Option(
            f"withdraw.{slug}", _("Withdraw: {consent}").format(consent=title), f"withdraw.{slug}"
        )
        for slug, title in titles
    ]


def _cancel(talk: Talk, held: Registration, event: Event) -> Cancel | PassOn | Reply:
    """Give everything back, or leave it to a companion who comes all the same."""
    if held.state is RegistrationState.CONFIRMED:
        prompt = n_(
            "Shall I give back your seat? It passes on to the next in line at once. If you "
            "register again later, you get a new arrival number.",
            "Shall I give back all {count} seats of your registration? They pass on at once.",
            held.party_size,
        )
    else:
        prompt = _("Shall I take you off the waiting list? Your position is then lost.")
    heirs = {str(each.id): each for each in my_group.heirs(held, event) if held.with_person}
    of = (
        Option("yes", _("Yes"), "yes", also=YES),
        *(
            Option(f"pass.{number}", _TAKES_OVER.format(name=each.name), f"pass.{number}")
            for number, each in heirs.items()
        ),
        Option("no", _("No"), "no", also=NO_WORDS),
    )
    answer, _dot, number = talk.ask("sure.cancel", OneOf(prompt=prompt, of=of)).partition(".")
    if number in heirs:
        return PassOn(held.event, held.id, heirs[number].id)
    return Cancel(held.event, held.id) if answer == "yes" else KEPT


_TAKES_OVER = _("Only I am not coming; {name} takes over")


def _without(talk: Talk, held: Registration, number: int) -> CancelCompanion | Reply:
    companion = next((each for each in held.companions if each.id == number), None)
    if companion is None:
        return KEPT
    prompt = _("Is {name} really not coming? The seat then passes on.")
    sure = yes_or_no(prompt.format(name=companion.name))
    if talk.ask(f"sure.companion.{number}", sure):
        return CancelCompanion(held.event, held.id, companion.id)
    return KEPT


def withdraw(
    talk: Talk, held: Registration, event: Event, slug: str, words: Renderable | None = None
) -> WithdrawConsent | Reply:
    """Withdrawing is as easy as giving; whoever needs the consent chooses another place.

    `words` are those of the consent, if they are to be read first.
    """
    if slug == NEEDS:
        sure = _("Shall I delete what you told us about your needs? You keep your seat.")
        if talk.ask("sure.needs", yes_or_no(paragraphs(words, sure))):
            return WithdrawConsent(held.event, held.id, slug)
        return KEPT
    options: list[Option[str]] = [
        Option(f"to.{place.slug}", place.title, f"to.{place.slug}")
        for place in event.places
        if place.registration
        and not event.cancelled
        and not (place.consents and held.companions)  # who comes along has not agreed to those
        and place.id != held.place
        and slug not in {terms.slug for terms in place.consents}
    ]
    give_back = n_(
        "Withdraw and give back my seat",
        "Withdraw and give back all {count} seats",
        held.party_size,
    )
    options.append(Option("keep", _("Do not withdraw"), "keep"))
    options.append(Option("give_back", give_back, "give_back"))
    prompt: Renderable = paragraphs(
        _("You can withdraw your consent at any time. Your place needs it, though. Instead:"),
        wording.live(event),
    )
    if event.cancelled:
        prompt = _("You can withdraw your consent at any time. You then give back your seat.")
    chosen = talk.ask("instead", OneOf(prompt=paragraphs(words, prompt), of=tuple(options)))
    if chosen == "keep":
        return KEPT
    place = event.place(chosen.removeprefix("to."))
    return WithdrawConsent(held.event, held.id, slug, place.id if place else None)


def _change(talk: Talk, held: Registration, what: str) -> Amend | Reply:
    match what:
        case "name":
            name = talk.ask(
                "name", Name(prompt=_("What is the right name?"), max_length=NAME_LENGTH)
            )
            return Amend(held.event, held.id, name=name)
        case "contact":
            return _change_contact(talk, held)
        case "organisation":
            organisation = talk.ask("organisation", ORGANISATION)
            return Amend(held.event, held.id, organisation=organisation or "")
        case _:
            return _change_needs(talk, held)


def _change_contact(talk: Talk, held: Registration) -> Amend | Reply:
    """Take another way to be reached, once it was shown as it was understood."""
    contact = talk.ask("contact", REACH)
    sure = yes_or_no(_("Is that right? Then I change it."))
    if contact != HERE and not talk.ask("sure.contact", sure):
        return KEPT
    return Amend(held.event, held.id, contact=contact)


def _change_needs(talk: Talk, held: Registration) -> Amend | Reply:
    needs = talk.ask(
        "needs",
        declinable(
            Text(prompt=_("What do you need to take part well?"), max_length=NEEDS_LENGTH),
            skip=_("Nothing any more"),
        ),
    )
    if needs is None:
        return Amend(held.event, held.id, needs="")
    agreement = talk.ask(
        "consent.needs",
        consent(
            _("May I keep that? Without your consent I forget it again right away:"),
            NEEDS_TERMS,
            talk.language,
        ),
    )
    if agreement is None:
        return KEPT
    return Amend(held.event, held.id, needs=needs, agreements=(agreement,))
