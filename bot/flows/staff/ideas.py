"""The ideas that came in, as staff read them: the newest ones, and each one whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.addresses import unlinked
from bot.dialogue.flow import Flow
from bot.dialogue.messages import Attachment, Reply
from bot.dialogue.questions import OneOf, Option, Refusal, Stored
from bot.dialogue.talk import Talk
from bot.domain.ideas import Idea, IdeaKind, Pillar
from bot.domain.people import Role
from bot.i18n import Renderable, _, lines, listed, paragraphs

MOST_IDEAS = 10
EXCERPT = 300
_REFERENCE = re.compile(r"([A-Za-z]+) ?[-–]? ?(\d{4}) ?[-–]? ?(\d{4,9})")
KINDS = {IdeaKind.IDEA: _("idea"), IdeaKind.EXPERIENCE: _("experience")}
PILLARS = {
    Pillar.CITY: _("digital city"),
    Pillar.ADMINISTRATION: _("digital administration"),
    Pillar.UNKNOWN: _("pillar not said"),
}


@dataclass(frozen=True, kw_only=True)
class Reference(OneOf[str]):
    """Ask for the number of an idea: one of the newest, or any other that is typed."""

    def words(self, text: str) -> str | Refusal:
        """Read a number however it is typed."""
        found = _REFERENCE.fullmatch(text.strip(" .#"))
        return "-".join(found.groups()).upper() if found else super().words(text)

    def dump(self, value: str) -> Stored:
        """Store the number."""
        return value

    def load(self, stored: Stored) -> str | Refusal:
        """Take up the number."""
        return str(stored)

    def shown(self, value: str) -> Renderable:
        """Say the number."""
        return value


def ideas(talk: Talk) -> Reply:
    """Show the newest ideas, and then the one that is asked for, whole and with its picture."""
    newest = talk.facts.newest_ideas(MOST_IDEAS)
    if not newest:
        return Reply(_("No idea has come in yet."))
    reference = talk.ask("reference", Reference(prompt=_list(newest), of=_options(newest)))
    idea = talk.facts.idea_for_staff(reference)
    if idea is None:
        return Reply(
            _("There is no idea with the number {reference}, or it was taken back.").format(
                reference=reference
            )
        )
    pictures = (Attachment("picture", idea.id),) if idea.has_picture else ()
    return Reply(_idea(idea, idea.text), attachments=pictures)


def _list(newest: Sequence[Idea]) -> Renderable:
    return paragraphs(
        _("<b>The newest ideas</b>"),
        *(_idea(idea, _excerpt(idea.text)) for idea in newest),
        _("All of them: <code>stadtdialog export ideas</code>"),
        _("Which one would you like to see whole, with its picture?"),
    )


def _options(newest: Sequence[Idea]) -> tuple[Option[str], ...]:
    return tuple(
        Option(
            idea.reference,
            f"{idea.reference} 📷" if idea.has_picture else idea.reference,
            idea.reference,
        )
        for idea in newest
    )


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()} …"


def _idea(idea: Idea, text: str) -> Renderable:
    return lines(
        _("<b>{reference}</b> ({kind}, {pillar})").format(
            reference=idea.reference, kind=KINDS[idea.kind], pillar=PILLARS[idea.pillar]
        ),
        text,
        idea.name
        and _("by {name}").format(
            name=listed(unlinked(each) for each in (idea.name, idea.organisation) if each)
        ),
    )


IDEAS = Flow(
    name="ideas",
    title=_("Ideas"),
    script=ideas,
    words=("ideas", "ideen"),
    argument="reference",
    role=Role.MODERATOR,
    help=_("/ideas – the newest ideas, with their pictures (staff)"),
)
