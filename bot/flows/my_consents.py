"""One's consents: what was agreed to and for whom, and taking it back at any time."""

from __future__ import annotations

from bot.dialogue.messages import Reply
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.consents import NEEDS, Consent, ConsentState
from bot.domain.events import Event
from bot.domain.seats import HOLDING, Registration, SeatCommand, WithdrawOne
from bot.flows import wording
from bot.flows.my_registration import KEPT, withdraw
from bot.flows.pages import from_pages
from bot.flows.terms import NEEDS_TERMS
from bot.i18n import Moment, Renderable, _, lines, paragraphs

NONE_STANDS = Reply(_("None of your consents stands any more."))


def consents(talk: Talk) -> SeatCommand | Reply:
    """List what somebody has agreed to, and let them take back each of it."""
    stand = standing(talk)
    gone = [each for each in talk.facts.consents if each.state is not ConsentState.GIVEN]
    withdrawn = lines(*(_withdrawn(each, talk) for each in reversed(gone))) if gone else None
    if not stand:
        return Reply(paragraphs(NONE_STANDS.text, withdrawn))
    prompt = paragraphs(
        _("<b>Your consents</b>"),
        withdrawn,
        _("Which one would you like to read or to withdraw?"),
    )
    options = [Option(f"consent.{each.id}", named(each, talk), each) for each in stand]
    return one(talk, from_pages(talk, "consents", prompt, options))


def standing(talk: Talk) -> list[Consent]:
    """List what has not been withdrawn, behind what is live what no seat depends on any more."""
    stand = [each for each in talk.facts.consents if each.state is ConsentState.GIVEN]
    return sorted(stand, key=lambda each: (not _is_needed(each, talk), -each.id))


def one(talk: Talk, consent: Consent) -> SeatCommand | Reply:
    """Show the very words, and take the consent back."""
    event = talk.facts.event(consent.event)
    held = _seat(consent, talk)
    words = paragraphs(
        named(consent, talk),
        _("“{wording}”").format(wording=consent.wording),
        _("given on {given}").format(given=Moment(event.local(consent.given_at), "date")),
    )
    if held is not None and consent.child is None:
        return withdraw(talk, held, event, consent.slug, words)
    shown = paragraphs(words, _what_follows(consent, talk))
    of = (
        Option("keep", _("Leave it as it is"), "keep"),
        Option("withdraw", _("Withdraw this consent"), "withdraw", also=_("withdraw")),
    )
    if talk.ask(f"sure.consent.{consent.id}", OneOf(prompt=shown, of=of)) == "keep":
        return KEPT
    return WithdrawOne(consent.event, consent.id)


def _seat(consent: Consent, talk: Talk) -> Registration | None:
    """Find one's own seat or place in the line to which a consent belongs."""
    needed = _is_needed(consent, talk)
    for held in talk.facts.registrations:
        belongs = consent.slug == NEEDS or (needed and held.place == consent.place)
        if belongs and held.event == consent.event and held.state in HOLDING:
            return held
    return None


def _is_needed(consent: Consent, talk: Talk) -> bool:
    """Tell whether somebody's seat depends on a consent."""
    event = talk.facts.event(consent.event)
    place = event.place_by_id(consent.place) if consent.place is not None else None
    asked = {terms.slug for terms in place.consents} if place is not None else set()
    return consent.slug in asked and not event.is_over(talk.now)


def _what_follows(consent: Consent, talk: Talk) -> Renderable | None:
    if consent.slug == NEEDS:
        return _("If you withdraw it, I delete what you told us about your needs.")
    if not _is_needed(consent, talk):
        return _("No seat depends on it any more.")
    if consent.child is None:
        return _("If you withdraw it, your seat passes on: the place needs this consent.")
    return _("If you withdraw it, {name} cannot come, and the seat passes on.").format(
        name=consent.child
    )


def named(consent: Consent, talk: Talk) -> Renderable:
    """Say whose a consent is, what it is about and for which event."""
    event = talk.facts.event(consent.event)
    named = {"consent": _title(consent, event), "event": wording.named(event)}
    if consent.child is None:
        return _("For you: {consent}, {event}").format(**named)
    if not consent.child:
        return _("For a child: {consent}, {event}").format(**named)
    return _("For {name}: {consent}, {event}").format(name=consent.child, **named)


def _withdrawn(consent: Consent, talk: Talk) -> Renderable:
    event = talk.facts.event(consent.event)
    at = consent.withdrawn_at or consent.given_at
    return _("{consent}: withdrawn on {withdrawn}").format(
        consent=named(consent, talk), withdrawn=Moment(event.local(at), "date")
    )


def _title(consent: Consent, event: Event) -> Renderable:
    offered = [terms for place in event.places for terms in place.consents]
    known = (terms.title for terms in (NEEDS_TERMS, *offered) if terms.slug == consent.slug)
    return next(known, _("Consent"))
