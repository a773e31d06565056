"""Those in the line whom others pass: why, and what they can do about it."""

from __future__ import annotations

from bot.dialogue.consenting import consent
from bot.dialogue.messages import Reply
from bot.dialogue.talk import Talk
from bot.domain.consents import ConsentState
from bot.domain.events import Place
from bot.domain.facts import Facts
from bot.domain.outcomes import AskedAnew, GroupFits, GroupTooLarge
from bot.domain.seats import AgreeAnew, Registration, RegistrationState
from bot.flows import wording
from bot.flows.party import for_a_child
from bot.i18n import Renderable, _, lines, n_, paragraphs


def told(notice: AskedAnew | GroupTooLarge | GroupFits, facts: Facts) -> Renderable:
    """Tell somebody who waits what has changed for them, and what they can do."""
    waits = notice.in_line
    event = facts.event(waits.event)
    place = event.place_by_id(waits.place)
    match notice:
        case AskedAnew(offered=False):
            news: Renderable = _(
                "<b>The wording of a consent has changed.</b> Your place needs it. Please read the "
                "new wording: /mine. You keep your position, {position}. But until you agree, free "
                "seats go to others."
            ).format(position=waits.position)
        case AskedAnew():
            news = _(
                "<b>A seat was free, but I could not give it to you.</b> The wording of a consent "
                "has changed, and you have not agreed to the new one yet. Please read it: /mine. "
                "You keep your position, {position}."
            ).format(position=waits.position)
        case GroupTooLarge(capacity=capacity):
            news = paragraphs(
                _("<b>There are fewer seats than planned.</b>"),
                too_large(capacity, waits.party_size),
                _("Another place: /register. Fewer people, or leave the waiting list: /mine."),
            )
        case GroupFits():
            news = _(
                "<b>There are enough seats for your group again.</b> You are on the waiting list, "
                "at position {position}, and nobody passes you any more."
            ).format(position=waits.position)
    about = lines(event.title, wording.when(event), place.title if place is not None else None)
    return paragraphs(news, about)


def too_large(capacity: int, party: int) -> Renderable:
    """Say why a group cannot get its seats, and that others pass it."""
    return n_(
        "This place has only {count} seat altogether now, and there are {party} of you. You keep "
        "your position, but until there are enough seats, others pass you.",
        "This place has only {count} seats altogether now, and there are {party} of you. You keep "
        "your position, but until there are enough seats, others pass you.",
        capacity,
    ).format(party=party)


def reason(held: Registration, place: Place | None) -> Renderable | None:
    """Say why others pass somebody who waits, if they do."""
    if held.state is not RegistrationState.WAITING or place is None:
        return None
    if held.is_outdated:
        return _(
            "The wording of a consent has changed. Until you agree to the new one, others pass you."
        )
    if place.capacity and place.capacity < held.party_size:
        return too_large(place.capacity, held.party_size)
    return None


def agree_anew(talk: Talk, held: Registration) -> AgreeAnew | Reply:
    """Show each wording that has changed, for oneself and for each child."""
    event = talk.facts.event(held.event)
    place = event.place_by_id(held.place)
    given = {
        (each.slug, each.version, each.child)
        for each in talk.facts.consents
        if each.event == event.id and each.state is ConsentState.GIVEN
    }
    own, for_children = [], []
    for terms in place.consents if place is not None else ():
        if held.with_person and (terms.slug, terms.version, None) not in given:
            intro = _("The wording has changed since you agreed. You are free:")
            question = consent(intro, terms, talk.language, about=event.slug)
            agreement = talk.ask(f"anew.{terms.slug}", question)
            if agreement is None:
                return _STAYS
            own.append(agreement)
        for child in held.companions:
            if not child.child or (terms.slug, terms.version, child.name) in given:
                continue
            key = f"anew.{child.id}.{terms.slug}"
            agreement = talk.ask(key, for_a_child(child.name, terms, event, talk))
            if agreement is None:
                return _STAYS
            for_children.append((child.id, agreement))
    return AgreeAnew(held.event, held.id, tuple(own), tuple(for_children))


_STAYS = Reply(
    _(
        "That is fine. You keep your position on the waiting list, but others pass you. If you "
        "change your mind, or would like to leave the list: /mine"
    )
)
