"""Joining two chats of one person: a code from one, typed in the other, and what that changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from markupsafe import Markup

from bot.dialogue.flow import Begin, Flow, Told
from bot.dialogue.messages import Reply
from bot.dialogue.questions import NO_WORDS, YES, OneOf, Option, Question, Refusal, Stored, meant_by
from bot.dialogue.talk import Talk
from bot.dialogue.writing import folded
from bot.domain.facts import Facts
from bot.domain.links import (
    CODE_LASTS,
    UNDO_LASTS,
    AskForLink,
    AskToJoin,
    ChatsJoined,
    ChatsParted,
    JoinChats,
    Joining,
    JoiningAsked,
    JoiningChanged,
    LeaveApart,
    LeftApart,
    LinkGiven,
    LinkOfOneself,
    LinkOutcome,
    LinkRefusal,
    LinkUnknown,
    PartChats,
    PartingTooLate,
    RolesDiffer,
    Undoable,
)
from bot.flows.joinings import ZONE, changes, network, parted, which
from bot.i18n import Moment, Phrase, Renderable, _, lines, paragraphs
from bot.services import codes

LinkCommand = AskForLink | AskToJoin | JoinChats | LeaveApart | PartChats

PREFIX = "link"
MINUTES = CODE_LASTS.seconds // 60
MARK = 8
"""Characters of the sign that tells one preview from another."""


@dataclass(frozen=True, kw_only=True)
class LinkCode(Question[AskToJoin | PartChats | None]):
    """Take a code from the other chat, of which only the hash is stored; None asks for one.

    Chats that were joined lately can be parted instead.
    """

    find: Callable[[str], Joining | LinkRefusal]
    undoable: Undoable | None

    def options(self) -> Sequence[Option[Any]]:
        """Offer a code, and to undo the latest joining."""
        new: Option[Any] = Option("new", _("Give me a code"), None, also=NO_WORDS)
        if self.undoable is None:
            return (new,)
        day = Moment(self.undoable.joined_at.astimezone(ZONE), "day")
        label = _("Undo the joining of {day}").format(day=day)
        undo: Option[Any] = Option(
            f"part.{self.undoable.number}",
            label,
            PartChats(self.undoable.number),
            also=_("undo, part"),
        )
        return (new, undo)

    def again(self) -> Renderable | None:
        """Leave it at the reason."""
        return None

    def words(self, text: str) -> AskToJoin | PartChats | Refusal | None:
        """Read a code, with or without its prefix."""
        if folded(text) in meant_by(YES):
            return Refusal(self.go_on())
        return self.load(codes.digest(text))

    def dump(self, value: AskToJoin | PartChats | None) -> Stored:
        """Store the hash, or the number of a joining."""
        match value:
            case PartChats(number):
                return number
            case AskToJoin(code):
                return code
            case None:
                return None

    def load(self, stored: Stored) -> AskToJoin | PartChats | Refusal | None:
        """Find out what the code stands for now."""
        if stored is None:
            return None
        if isinstance(stored, int):
            return PartChats(stored)
        found = self.find(stored)
        return AskToJoin(stored, found) if isinstance(found, Joining) else Refusal(_refused(found))

    def shown(self, _value: AskToJoin | PartChats | None) -> Renderable:
        """Say nothing: a code is for nobody's eyes."""
        return ""


@dataclass(frozen=True, kw_only=True)
class Sure(OneOf[bool]):
    """Ask for a yes that nobody gives without having read what it means."""

    def is_binding(self) -> bool:
        """Take nobody's yes who cannot have read it."""
        return True


def link(talk: Talk) -> LinkCommand | Reply:
    """Give a code, or take one; both chats have to say yes, the one that gave the code last."""
    wanted = talk.facts.wanted(talk.now)
    if wanted is not None:
        if talk.ask("wanted", _sure(_TYPED, wanted.read, talk.facts)):
            return JoinChats(wanted.code, wanted.read)
        return LeaveApart(wanted.code)
    question = LinkCode(
        prompt=_PROMPT,
        find=lambda code: talk.facts.link(code, talk.now),
        undoable=talk.facts.undoable(talk.now),
    )
    command = talk.ask("code", question)
    if command is None:
        return AskForLink()
    if isinstance(command, PartChats):
        return command if talk.ask(f"part.{command.number}", _PART) else _JOINED
    return command if talk.ask("sure", _sure(_GIVEN, command.read, talk.facts)) else _APART


_PROMPT = paragraphs(
    _("<b>Do you write to me in two chats, or on two networks?</b>"),
    _(
        "I can join them: then everything that is yours belongs together, and you see and change "
        "it in both. For that, one chat gives you a code, and you type it in the other."
    ),
    _("Do you have a code already? Then please type it here."),
)
_GIVEN = _("This code is from another chat:")
_TYPED = _("The code of this chat was typed in another one:")
_PART = Sure(
    prompt=paragraphs(
        _("<b>Shall I undo the joining?</b>"),
        _(
            "What came from each chat goes back there. What you have done since then stays with "
            "the chat that gave the code. What was given back at that time stays given back."
        ),
    ),
    of=(
        Option("yes", _("Yes, undo it"), value=True, also=YES),
        Option("no", _("No, leave them joined"), value=False, also=NO_WORDS),
    ),
)
_JOINED = Reply(_("All right. The two chats stay joined."))
_APART = Reply(_("All right. The two chats stay apart."))


def _sure(how: Phrase, read: Joining, facts: Facts) -> Sure:
    mark = sha256(repr(read).encode()).hexdigest()[:MARK]  # a yes to something else is none
    return Sure(
        prompt=paragraphs(
            _("<b>Shall I join this chat with your chat on {network}?</b>").format(
                network=network(read.networks)
            )
            if read.networks
            else _("<b>Shall I join this chat with your other one?</b>"),
            lines(how, which(read.chat)),
            _(
                "Only say yes if that chat is your own: whoever writes there then sees and "
                "changes everything that is yours."
            ),
            *changes(read, facts),
            _("Each chat keeps its language. I write to you where I last heard from you."),
            _(
                "For {days} days you can undo this in each of the two: /link. What I give back "
                "stays given back. “Forget me” erases all in both chats."
            ).format(days=UNDO_LASTS.days),
        ),
        of=(
            Option(f"yes.{mark}", _("Yes, join them"), value=True, also=YES),
            Option("no", _("No, leave them apart"), value=False, also=NO_WORDS),
        ),
    )


def _refused(refusal: LinkRefusal) -> Phrase:
    match refusal:
        case LinkUnknown():
            return _(
                "I do not know this code. Perhaps a letter is wrong, or it was used already, or "
                "it is older than {minutes} minutes. Please check it and type it once more. For "
                "a new one, write /link in your other chat."
            ).format(minutes=MINUTES)
        case LinkOfOneself():
            return _(
                "This code is for your other chat: please open that one and type it there. If "
                "you were given it in another chat than this one, the two are joined already."
            )
        case RolesDiffer():
            return _(
                "One of the two chats has rights of the team of the city that the other one has "
                "not. No code passes these on: please ask an admin for an invitation first."
            )


def told(command: LinkCommand, outcome: LinkOutcome, _facts: Facts) -> Told:
    """Show the code, or say what came of joining."""
    match outcome:
        case LinkGiven(code):
            return Told((Reply(_given(code)),))
        case JoiningAsked(networks):
            return Told((Reply(_asked(networks)),))
        case LeftApart():
            return Told((_APART,))
        case ChatsParted():
            return Told((Reply(parted()),))
        case PartingTooLate():
            return Told((Reply(_("There is no joining that I could still undo.")),))
        case ChatsJoined(networks):
            done = (
                _("<b>Done: this chat and your chat on {network} are joined.</b>").format(
                    network=network(networks)
                )
                if networks
                else _("<b>Done: your two chats are joined.</b>")
            )
            undo = _("/link undoes it, for {days} days.").format(days=UNDO_LASTS.days)
            return Told((Reply(lines(done, _("/mine shows what you have now."), undo)),))
        case JoiningChanged():
            changed = _("Something has changed in the meantime. Please read it once more.")
            return Told((Reply(changed),), _anew(command))
        case _:
            return Told((), _anew(command))  # the question says why


def _anew(command: LinkCommand) -> Begin:
    return Begin(LINK.name, {"code": command.code} if isinstance(command, AskToJoin) else {})


def _asked(networks: Sequence[str]) -> Renderable:
    where = (
        _("<b>Almost done: now please say yes in your chat on {network} as well.</b>").format(
            network=network(networks)
        )
        if networks
        else _("<b>Almost done: now please say yes in your other chat as well.</b>")
    )
    return paragraphs(
        where,
        _(
            "I have written to you there. Write /link there and say yes, within {minutes} minutes. "
            "Before that, nothing is joined."
        ).format(minutes=MINUTES),
    )


def _given(code: str) -> Renderable:
    return paragraphs(
        _("Your code: {code}").format(code=Markup("<code>{}-{}</code>").format(PREFIX, code)),
        _(
            "Now please open your other chat with me and type this code there. Before I join "
            "anything, I show you what changes, and ask in both chats."
        ),
        _(
            "It is good for {minutes} minutes and for one time. Please keep it to yourself: "
            "whoever types it sees and changes everything that is yours."
        ).format(minutes=MINUTES),
    )


LINK = Flow(
    name="link",
    title=_("Joining two chats"),
    script=link,
    words=("link", "verbinden"),
    tell=told,
    argument="code",
    entry=PREFIX,
    typed=True,
    help=_("/link – join two chats, for example from two networks"),
)
