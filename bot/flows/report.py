"""What is known about somebody, told so that they can read it; the file beside it is complete."""

from __future__ import annotations

from bot.dialogue.contacts import spoken
from bot.domain.events import LocalText
from bot.domain.facts import Facts
from bot.domain.people import Contact, ContactKind
from bot.domain.privacy import (
    CompanionOfRecord,
    ConsentRecord,
    ConversationRecord,
    IdeaRecord,
    RegistrationRecord,
    Report,
)
from bot.flows.terms import NEEDS_TERMS
from bot.flows.wording import bullets
from bot.i18n import LANGUAGES, Joined, Phrase, Renderable, _, lines, listed, n_, paragraphs

EXCERPT = 60
MOST = 10
"""More entries of one kind stand only in the file, so that the message stays readable."""


def told(facts: Facts) -> Renderable:
    """Say everything that is known about the person, the long things shortened."""
    known = facts.report
    return paragraphs(
        _("<b>This is what I know about you</b>"),
        _part(_("Where I write to you"), [_chat(chat) for chat in known.conversations]),
        _part(_("Registrations"), [_registration(one) for one in known.registrations]),
        _part(
            _("You come along with others"), [_companion(one, facts) for one in known.companion_of]
        ),
        _part(_("Consents"), [_consent(one, facts) for one in known.consents]),
        _part(_("Ideas"), [_idea(one) for one in known.ideas]),
        _part(_("Besides"), _besides(known)),
        _("The file has it all, word for word and with all times, for you to take along."),
    )


def _part(title: Phrase, entries: list[Renderable]) -> Renderable | None:
    if not entries:
        return None
    more = len(entries) - MOST
    return lines(
        _("<b>{title}</b>").format(title=title),
        bullets(entries[:MOST]),
        n_("and {count} more in the file", "and {count} more in the file", more)
        if more > 0
        else None,
    )


def _chat(chat: ConversationRecord) -> Phrase:
    return _("{channel}, {address}, in {language}").format(
        channel=chat.channel.capitalize(),
        address=chat.chat,
        language=LANGUAGES.get(chat.language or "", "–"),
    )


def _registration(held: RegistrationRecord) -> Renderable:
    state = _("{event}: {state}, arrival number {number}").format(
        event=LocalText(held.event_title),
        state=_STATES[held.state],
        number=str(held.arrival_number),
    )
    told: list[Renderable | None] = [
        held.name,
        held.organisation,
        spoken(Contact(ContactKind(held.contact_kind), held.contact)) if held.name else None,
        _("with {names}").format(names=listed(one.name for one in held.companions))
        if any(one.name for one in held.companions)
        else None,
        _("needs: {needs}").format(needs=_shortened(held.needs)) if held.needs else None,
    ]
    return Joined((state, listed(part for part in told if part)), by="\n") if held.name else state


_STATES = {
    "confirmed": _("you have a seat"),
    "waiting": _("you wait in line"),
    "cancelled": _("given back"),
    "moved": _("given up for another seat"),
}


def _companion(companion: CompanionOfRecord, facts: Facts) -> Phrase:
    event = _event(companion.event, facts)
    return _("{event}, as {name}").format(event=event, name=companion.name)


def _event(slug: str, facts: Facts) -> Renderable:
    """Name an event as people know it, as long as it is known."""
    event = facts.event_called(slug)
    return slug if event is None else event.title


def _consent(consent: ConsentRecord, facts: Facts) -> Phrase:
    named: dict[str, Renderable] = {
        "title": _for_whom(consent, _title(consent, facts)),
        "event": _event(consent.event, facts),
    }
    if consent.withdrawn_at is None:
        return _("{title} ({event}): you agreed").format(**named)
    return _("{title} ({event}): you agreed, and took it back").format(**named)


def _for_whom(consent: ConsentRecord, title: Renderable) -> Renderable:
    if consent.child is None:
        return title
    return _("{consent}, for {name}").format(consent=title, name=consent.child or _("a child"))


def _title(consent: ConsentRecord, facts: Facts) -> Renderable:
    event = facts.event_called(consent.event)
    places = () if event is None else event.places
    offered = (terms for place in places for terms in place.consents)
    known = (terms.title for terms in (NEEDS_TERMS, *offered) if terms.slug == consent.slug)
    return next(known, consent.slug)


def _idea(idea: IdeaRecord) -> Phrase:
    if not idea.text:
        return _("{reference}: taken back").format(reference=idea.reference)
    return _("{reference}: “{text}” ({name})").format(
        reference=idea.reference,
        text=_shortened(idea.text),
        name=listed(part for part in (idea.name, idea.organisation) if part)
        if idea.name or idea.organisation
        else _("without a name"),
    )


def _besides(known: Report) -> list[Renderable]:
    pictures, entries = len(known.pictures), len(known.history)
    parts: list[Renderable | None] = [
        _("answers of a conversation that is not finished")
        if any(_is_unfinished(chat) for chat in known.conversations)
        else None,
        n_("{count} picture", "{count} pictures", pictures) if pictures else None,
        _("your role as a member of staff") if known.staff_role else None,
        n_(
            "{count} line in the log of what happened",
            "{count} lines in the log of what happened",
            entries,
        )
        if entries
        else None,
    ]
    return [part for part in parts if part is not None]


def _is_unfinished(chat: ConversationRecord) -> bool:
    """Tell whether there are answers of another conversation than the one that asks for this."""
    return any(run["answers"] for run in chat.unfinished or () if run["flow"] != "privacy")


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()} …"
