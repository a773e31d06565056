"""Access data of a video conference: when they come; and what one may see again of a seat."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.messages import Attachment, Reply
from bot.dialogue.questions import Option
from bot.domain.events import Event, Place, PlaceKind
from bot.domain.seats import RegistrationId
from bot.flows import wording
from bot.i18n import Phrase, _, paragraphs

SEE = Option("access", _("Access data"), "access", also=_("link, zoom, meeting"))
ALONE = _("It is for you alone: please do not pass it on.")


def follow(event: Event, place: Place, now: datetime) -> Phrase | None:
    """Say when the data come with which one gets into a video conference."""
    if place.kind is not PlaceKind.ONLINE:
        return None
    if now >= place.deadline:
        return _("I send you the access data here shortly.")
    return _("I send you the access data here, after registration has ended: {until}.").format(
        until=wording.until(event, place)
    )


def again(what: str, registration: RegistrationId) -> Reply:
    """Show the access data or the date once more; it is fetched when the reply is sent."""
    if what == "calendar":
        calendar = Attachment("calendar", registration)
        return Reply(_("Here is the date for your calendar."), attachments=(calendar,))
    text = paragraphs(_("<b>Here is your access data.</b>"), ALONE)
    return Reply(text, attachments=(Attachment("access", registration),))
