"""What other people are told when a command, or the clock, has changed something for them."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.messages import Attachment, Reply
from bot.domain.events import Event
from bot.domain.facts import Facts
from bot.domain.links import ChatsParted, JoinedElsewhere, JoiningWanted, LeftApart, LinkNotice
from bot.domain.outcomes import (
    AskedAnew,
    CalledOff,
    CompanionMoved,
    GroupFits,
    GroupTooLarge,
    MovedBack,
    MovedUp,
    NothingFree,
    Postponed,
    Seated,
    SeatNotice,
    Smaller,
    StreamChanged,
    TakenOver,
    TakesPlace,
    Uninvited,
)
from bot.domain.people import Dismissed
from bot.domain.privacy import ForgottenElsewhere
from bot.domain.seats import RegistrationId
from bot.flows import my_company, passed_over, wording
from bot.flows.access import ALONE
from bot.flows.joinings import apart, forgotten_elsewhere, joined_elsewhere, parted, wanted
from bot.flows.receipts import in_line, seated
from bot.flows.staff.joining import dismissed
from bot.i18n import Renderable, _, lines, paragraphs

QUIET_FROM, QUIET_UNTIL = 21, 8
"""Between these hours of the event's wall time a notice makes no sound."""


AboutChats = LinkNotice | Dismissed | ForgottenElsewhere
Told = SeatNotice | AboutChats


def told(notice: Told, facts: Facts, now: datetime) -> Reply:
    """Put a notice that is written now (UTC) into words."""
    if isinstance(notice, AboutChats):
        return _about_chats(notice, facts)
    match notice:
        case MovedUp(seat, from_place):
            event = facts.event(seat.event)
            left = event.place_by_id(from_place) if from_place is not None else None
            good_news = paragraphs(
                seated(seat, facts, _("<b>Good news: you have a seat!</b>")),
                _("Your seat “{place}” has passed on.").format(place=left.title) if left else None,
            )
            calendar = Attachment("calendar", seat.registration)
            return Reply(good_news, attachments=(calendar,), silent=_is_quiet(event, now))
        case MovedBack(_from_place, waiting):
            event = facts.event(waiting.event)
            sorry = paragraphs(
                _(
                    "We are very sorry: there are fewer seats than planned, and those who "
                    "registered last had to be moved back to the waiting list."
                ),
                in_line(waiting, facts),
            )
            calendar = Attachment("calendar", waiting.registration)
            return Reply(sorry, attachments=(calendar,), silent=_is_quiet(event, now))
        case CompanionMoved():
            event = facts.event(notice.event)
            calendar = Attachment("calendar", notice.registration)
            moved = _moved(notice, event, facts)
            return Reply(moved, attachments=(calendar,), silent=_is_quiet(event, now))
        case AskedAnew() | GroupTooLarge() | GroupFits():
            event = facts.event(notice.in_line.event)
            text = passed_over.told(notice, facts)
            return Reply(text, silent=_is_quiet(event, now), bulk=True)
        case NothingFree() | StreamChanged():
            event = facts.event(notice.event)
            return Reply(_of_the_event(notice, event), silent=_is_quiet(event, now), bulk=True)
        case Smaller() | Uninvited():
            event = facts.event(notice.event)
            return Reply(_without(notice, event), silent=_is_quiet(event, now))
        case TakenOver(seat, by):
            event = facts.event(seat.event)
            news = paragraphs(
                _("{by} cannot come, and has passed the registration on to you.").format(by=by),
                seated(seat, facts) if isinstance(seat, Seated) else in_line(seat, facts),
            )
            calendar = Attachment("calendar", seat.registration)
            return Reply(news, attachments=(calendar,), silent=_is_quiet(event, now))
        case CalledOff(event_id, registration):
            event = facts.event(event_id)
            off = _(
                "We are sorry: “{event}” on {day} has been cancelled. You do not need to do "
                "anything."
            )
            text = off.format(event=event.title, day=wording.day(event))
            ends = Attachment("cancellation", registration)
            silent = _is_quiet(event, now)
            return Reply(text, attachments=(ends,), silent=silent, bulk=True)
        case Postponed(event_id, registration) | TakesPlace(event_id, registration):
            event = facts.event(event_id)
            headline = (
                _("<b>Good news: “{event}” takes place after all.</b>")
                if isinstance(notice, TakesPlace)
                else _("<b>Please note: “{event}” has changed.</b>")
            )
            news = paragraphs(
                headline.format(event=event.title),
                lines(wording.when(event), wording.where(event.venue) if event.venue else None),
                wording.live(event),
                _("You keep what you have. If you cannot come then, please say so with /mine."),
            )
            calendar = Attachment("calendar", registration)
            silent = _is_quiet(event, now)
            return Reply(news, attachments=(calendar,), silent=silent, bulk=True)


def _moved(notice: CompanionMoved, event: Event, facts: Facts) -> Renderable:
    """Tell a companion what has become of the group they come with."""
    headline = (
        _("<b>Good news: you have a seat!</b>")
        if notice.is_seated
        else _(
            "We are very sorry: there are fewer seats than planned, and your group had to be "
            "moved back to the waiting list."
        )
    )
    own = (held for held in facts.accompanied if held.registration == notice.registration)
    held = next(own, None)
    return paragraphs(headline, my_company.detail(held, event) if held is not None else None)


def _without(notice: Smaller | Uninvited, event: Event) -> Renderable:
    if isinstance(notice, Smaller):
        return _(
            "{name} has declined. Your registration now counts {people}; the seat passes on."
        ).format(name=notice.name, people=wording.people(notice.party_size))
    return _(
        "Hello {name}, {by} has given back your seat for “{event}” ({when}). If you would "
        "like to come all the same, /register takes you there."
    ).format(name=notice.name, by=notice.by, event=event.title, when=wording.when(event))


def _of_the_event(notice: NothingFree | StreamChanged, event: Event) -> Renderable:
    return _nothing_free(notice, event) if isinstance(notice, NothingFree) else _stream(event)


def _nothing_free(notice: NothingFree, event: Event) -> Renderable:
    kept = event.place_by_id(notice.keeps) if notice.keeps is not None else None
    if kept is not None and notice.keeps == notice.place:
        keeps: Renderable | None = _(
            "That goes for those of you who were still waiting. The others keep their seats."
        )
    else:
        keeps = _("You keep your seat: {place}.").format(place=kept.title) if kept else None
    return paragraphs(
        _(
            "We are sorry: “{event}” is beginning now, and no seat has become free. Thank you for "
            "waiting."
        ).format(event=event.title),
        keeps,
        wording.live(event),
        _("We would like to hear your ideas all the same: /idea"),
    )


def _stream(event: Event) -> Renderable:
    """Say where the live stream is now: that of the event, or that of its places."""
    links = [event.stream, *(place.link for place in event.places)]
    known = list(dict.fromkeys(link for link in links if link))
    return paragraphs(
        _("<b>Please note: the live stream of “{event}” has changed.</b>").format(
            event=event.title
        ),
        lines(_("It is here now:"), *known) if known else _("There is no live stream any more."),
        wording.when(event),
    )


def access(event: Event, registration: RegistrationId, now: datetime) -> Reply:
    """Send the access data to somebody who has a seat; it is fetched when the letter is sent."""
    text = paragraphs(
        _("<b>Here is your access data.</b>"),
        lines(event.title, wording.when(event)),
        ALONE,
    )
    data = Attachment("access", registration)
    return Reply(text, attachments=(data,), silent=_is_quiet(event, now), bulk=True)


def _about_chats(notice: AboutChats, facts: Facts) -> Reply:
    match notice:
        case JoiningWanted():
            return Reply(wanted(notice, facts))
        case JoinedElsewhere():
            return Reply(joined_elsewhere(notice, facts))
        case LeftApart():
            return Reply(apart())
        case ChatsParted():
            return Reply(parted())
        case Dismissed():
            return dismissed()
        case ForgottenElsewhere(network):
            return forgotten_elsewhere(network, facts)


def _is_quiet(event: Event, now: datetime) -> bool:
    hour = event.local(now).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL
