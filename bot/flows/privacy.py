"""Privacy: the notice, what is known about somebody, and how everything is erased."""

from __future__ import annotations

from bot.dialogue.flow import Flow, Told
from bot.dialogue.messages import Attachment, Reply
from bot.dialogue.questions import OneOf, Option
from bot.dialogue.talk import Talk
from bot.domain.facts import Facts
from bot.domain.privacy import ForgetMe, Forgotten, Holdings
from bot.domain.seats import HOLDING
from bot.flows import privacy_notice, report, wording
from bot.flows.wording import bullets
from bot.i18n import Phrase, Renderable, _, lines, n_, paragraphs


def privacy(talk: Talk) -> ForgetMe | Reply:
    """Offer the notice, the person's own data, and to forget them."""
    topic = talk.ask("topic", _WHICH_TOPIC)
    if topic == "notice":
        return Reply(privacy_notice.whole(talk.facts))
    if topic == "known":
        everything = Attachment("data", talk.facts.report.person)
        return Reply(report.told(talk.facts), attachments=(everything,))
    return _forget(talk)


_WHICH_TOPIC = OneOf(
    prompt=paragraphs(
        _("<b>Your data belongs to you.</b>"),
        _(
            "Here you can read what I use it for, see everything that I know about you, and have "
            "it erased. What would you like?"
        ),
    ),
    of=(
        Option("notice", _("Read the privacy notice"), "notice", also=_("notice, read")),
        Option("known", _("What do you know about me?"), "known", also=_("my data, data")),
        Option("forget", _("Forget me"), "forget", also=_("erase, delete, forget")),
    ),
)


def _forget(talk: Talk) -> ForgetMe | Reply:
    """Show what is erased and what stays, and erase it only after an explicit yes."""
    held = talk.facts.report.holdings
    ideas_too = bool(held.ideas) and talk.ask("ideas", _what_of_ideas(held.ideas))
    sure = talk.ask(
        "sure.delete" if ideas_too else "sure.keep",
        OneOf(
            prompt=paragraphs(
                _("<b>Shall I forget you?</b>"),
                lines(
                    _("I erase now:"),
                    bullets([*_beside(talk), *_erased(held, ideas_too=ideas_too)]),
                ),
                lines(
                    _("This stays, and nothing in it leads back to you:"),
                    bullets(_staying(held, ideas_too=ideas_too)),
                ),
                _(
                    "The messages in this chat lie with your chat program as well. Only you can "
                    "delete them there."
                ),
                _("Nobody can undo this. Are you sure?"),
            ),
            of=(
                Option("yes", _("Yes, forget me"), value=True, also=_("yes, forget")),
                Option("no", _("No, keep everything"), value=False, also=_("no, keep")),
            ),
        ),
    )
    return ForgetMe(ideas_too=ideas_too) if sure else _NOTHING_ERASED


_NOTHING_ERASED = Reply(_("All right. I have not erased anything."))


def _what_of_ideas(count: int) -> OneOf[bool]:
    return OneOf(
        prompt=paragraphs(
            n_(
                "You have handed in {count} idea. What shall become of it?",
                "You have handed in {count} ideas. What shall become of them?",
                count,
            ),
            _(
                "Your words can stay in the public dialogue: without your name, your "
                "organisation and your picture. If your words themselves say who you are, "
                "better let me delete them."
            ),
        ),
        of=(
            Option("keep", _("Keep the words, without me"), value=False, also=_("keep")),
            Option("delete", _("Delete the words too"), value=True, also=_("delete")),
        ),
    )


def _beside(talk: Talk) -> list[Renderable]:
    """Name the seats that others have registered for this person."""
    return [
        _("your seat with {name}, {event}: it passes on").format(
            name=held.registered_by, event=wording.named(talk.facts.event(held.event))
        )
        for held in talk.facts.accompanied
        if held.state in HOLDING and not talk.facts.event(held.event).is_over(talk.now)
    ]


def _erased(held: Holdings, *, ideas_too: bool) -> list[Renderable]:
    parts: list[Renderable | None] = [
        n_(
            "{count} seat or place in line: it passes on to others",
            "{count} seats or places in line: they pass on to others",
            held.seats,
        )
        if held.seats
        else None,
        _("your name, contact and organisation, your companions, and what you need")
        if held.registrations
        else None,
        n_("{count} idea, with its text", "{count} ideas, with their texts", held.ideas)
        if ideas_too
        else None,
        _("your name and organisation beside your ideas") if held.ideas and not ideas_too else None,
        n_("{count} picture", "{count} pictures", held.pictures) if held.pictures else None,
        _("your consents: all of them end now") if held.consents else None,
        _("your rights as a member of staff") if held.is_staff else None,
        _("the address of this chat, your language, and answers that you have not finished")
        if held.conversations == 1
        else _("the addresses of all your chats, languages, and answers not finished there"),
    ]
    return [part for part in parts if part is not None]


def _staying(held: Holdings, *, ideas_too: bool) -> list[Renderable]:
    parts: list[Renderable | None] = [
        _(
            "your consents, with wording and times but without you: the city has to be able to "
            "prove that it asked, and when a yes ended"
        )
        if held.consents
        else None,
        _("how many people registered, with arrival numbers: so that all counts stay right")
        if held.registrations
        else None,
        _("the words of your ideas: they are part of the public dialogue")
        if held.ideas and not ideas_too
        else None,
        _("a log of what happened when: numbers, no names, to settle disputes about seats"),
    ]
    return [part for part in parts if part is not None]


def told(_command: object, outcome: Forgotten, _facts: Facts) -> Told:
    """Say what was erased."""
    text = paragraphs(
        _("<b>Done. I have forgotten you.</b>"),
        lines(*_done(outcome)) if any(_done(outcome)) else None,
        _("If you write to me again, we begin anew, as if we had never met. All the best to you!"),
    )
    return Told((Reply(text, menu_of=""),))


def _done(outcome: Forgotten) -> list[Phrase | None]:
    return [
        n_(
            "{count} seat or place in line was given back.",
            "{count} seats or places in line were given back.",
            outcome.given_back,
        )
        if outcome.given_back
        else None,
        n_(
            "{count} idea was deleted.",
            "{count} ideas were deleted.",
            outcome.ideas_deleted,
        )
        if outcome.ideas_deleted
        else None,
        n_(
            "{count} idea stays, without you.",
            "{count} ideas stay, without you.",
            outcome.ideas_kept,
        )
        if outcome.ideas_kept
        else None,
        n_(
            "{count} consent stays as a proof, without you.",
            "{count} consents stay as proofs, without you.",
            outcome.consents_kept,
        )
        if outcome.consents_kept
        else None,
    ]


PRIVACY = Flow(
    name="privacy",
    title=_("Privacy"),
    script=privacy,
    words=("privacy", "datenschutz"),
    tell=told,
    argument="topic",
    help=_("/privacy – what I know about you, and how I forget it"),
)
