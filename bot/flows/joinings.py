"""What joining two chats changes, in words: what comes along, ends, passes on or is withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.dialogue.messages import Reply
from bot.domain.events import EventId
from bot.domain.facts import Facts
from bot.domain.links import (
    UNDO_LASTS,
    Beside,
    Claim,
    Double,
    JoinedElsewhere,
    Joining,
    JoiningWanted,
    OtherChat,
    Withdrawal,
)
from bot.flows import wording
from bot.flows.terms import NEEDS_TERMS
from bot.flows.wording import bullets
from bot.i18n import Moment, Renderable, _, lines, listed, n_, paragraphs

ZONE = ZoneInfo("Europe/Berlin")


def network(names: Sequence[str]) -> Renderable:
    """Name networks as people know them."""
    return listed(name.capitalize() for name in names)


def changes(read: Joining, facts: Facts) -> Iterator[Renderable]:
    """Say what happens, beginning with what comes along."""
    yield lines(_("This comes along from there:"), bullets(_coming(read)))
    for withdrawal in read.withdrawals:
        yield _withdrawn(withdrawal, read, facts)
    for double in read.doubles:
        yield _double(double, facts)
    for beside in read.besides:
        yield _beside(beside, facts)


def which(chat: OtherChat) -> Renderable:
    """Say which chat the other one is, by what its owner recognises."""
    first = _("with me since {date}").format(date=Moment(chat.since.astimezone(ZONE), "date"))
    return bullets(
        [network(chat.channels), *([chat.name] if chat.name else []), first],
    )


def wanted(notice: JoiningWanted, facts: Facts) -> Renderable:
    """Tell a chat that its code was typed, and that it has to agree."""
    return paragraphs(
        _("<b>The code of this chat was typed in another one:</b>"),
        which(notice.chat),
        _("Is that you? Then write /link here and say yes. Before that, nothing is joined."),
        _(
            "Is it not you? Then write /link and say no. Whoever is joined with this chat sees "
            "and changes everything that is yours. Questions? Call {telephone}."
        ).format(telephone=facts.city.telephone),
    )


def parted() -> Renderable:
    """Tell a chat that it is by itself again."""
    return lines(
        _("<b>The joining is undone: the two chats are apart again.</b>"),
        _("/mine shows what belongs to this one."),
    )


def apart() -> Renderable:
    """Tell a chat that the other one does not want to be joined."""
    return _("The other chat has said no. So the two stay apart, and nothing has changed.")


def _coming(read: Joining) -> list[Renderable]:
    parts: list[Renderable | None] = [
        n_("{count} registration", "{count} registrations", read.registrations)
        if read.registrations
        else None,
        n_("{count} idea", "{count} ideas", read.ideas) if read.ideas else None,
        _("everything that you have told me there, your consents too"),
    ]
    return [part for part in parts if part is not None]


def _withdrawn(withdrawal: Withdrawal, read: Joining, facts: Facts) -> Renderable:
    lost = [
        claim
        for claim in read.given_back
        if (claim.event, claim.person) == (withdrawal.event, withdrawal.person)
        and withdrawal.slug in claim.asks
    ]
    return lines(
        _("{event}: in one of the chats you have withdrawn this: {consent}.").format(
            event=_event(withdrawal.event, facts),
            consent=_title(withdrawal.slug, withdrawal.event, facts),
        ),
        _("So it is withdrawn in both."),
        *(_("Without it I give back: {claim}.").format(claim=_claim(one, facts)) for one in lost),
    )


def _double(double: Double, facts: Facts) -> Renderable:
    alone = double.dropped.party_size == 1
    return lines(
        _("{event}: you are registered twice.").format(event=_event(double.kept.event, facts)),
        _("You keep: {claim}.").format(claim=_claim(double.kept, facts)),
        _("I give back: {claim}.").format(claim=_claim(double.dropped, facts)),
        None if alone else _("Whoever comes along there is then not registered any more."),
    )


def _beside(beside: Beside, facts: Facts) -> Renderable:
    return lines(
        _("{event}: you have a seat, and you wait for another place. Both stay.").format(
            event=_event(beside.seat.event, facts)
        ),
        _("You keep: {claim}.").format(claim=_claim(beside.seat, facts)),
        _("You wait: {claim}.").format(claim=_claim(beside.wait, facts)),
        _("When it is your turn there, you change over, and your seat passes on."),
    )


def _claim(claim: Claim, facts: Facts) -> Renderable:
    place = facts.event(claim.event).place_by_id(claim.place)
    named = {
        "place": place.title if place is not None else "",
        "number": str(claim.arrival_number),
        "people": wording.people(claim.party_size),
    }
    if claim.is_seat:
        return _("{place}, seat for {people}, arrival number {number}").format(**named)
    return _("{place}, waiting list, {people}, arrival number {number}").format(**named)


def _event(event: EventId, facts: Facts) -> Renderable:
    return wording.named(facts.event(event))


def _title(slug: str, event: EventId, facts: Facts) -> Renderable:
    places = facts.event(event).places
    for terms in (NEEDS_TERMS, *(terms for place in places for terms in place.consents)):
        if terms.slug == slug:
            return terms.title
    return slug


def joined_elsewhere(notice: JoinedElsewhere, facts: Facts) -> Renderable:
    """Tell a chat that it was joined with another one."""
    return paragraphs(
        _("This chat is joined with your chat on {network} now.").format(
            network=network(notice.networks)
        )
        if notice.networks
        else _("This chat is joined with another one of yours now."),
        _("What you have belongs together in both: /mine shows it."),
        _("/link undoes it, for {days} days.").format(days=UNDO_LASTS.days),
        _("Was that not you? Then please call {telephone} at once.").format(
            telephone=facts.city.telephone
        ),
    )


def forgotten_elsewhere(name: str, facts: Facts) -> Reply:
    """Tell a chat that all was erased in the one with which it was joined."""
    text = paragraphs(
        _("<b>Everything about you is erased.</b>"),
        _(
            "You asked for that in your other chat, on {network}. The two were joined, so this one "
            "is forgotten as well. If you write to me again, we begin anew."
        ).format(network=network([name])),
        _("Was that not you? Then please call {telephone} at once.").format(
            telephone=facts.city.telephone
        ),
    )
    return Reply(text, menu_of="")
