"""The question for a consent: its exact wording, unticked, with a no that is as easy as the yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from bot.dialogue.questions import NO_WORDS, YES, Option, Question, Refusal, Stored
from bot.domain.consents import Agreement
from bot.domain.events import ConsentTerms
from bot.i18n import Language, Renderable, _, paragraphs

CHANGED = Refusal(_("The wording of this consent has changed. Please read it again."), in_full=True)


@dataclass(frozen=True, kw_only=True)
class Consent(Question[Agreement | None]):
    """Ask for a consent; the answer is what was agreed to, or None.

    The options carry a sign of the words: a yes to other words is not a yes to these. `language`
    is the language of the wording as it is shown right now, `about` the event and the child that
    it is about.
    """

    terms: ConsentTerms
    language: Language
    about: str
    agree: Renderable
    decline: Renderable

    def options(self) -> Sequence[Option[Any]]:
        """Offer yes and no side by side; both carry the mark of the words that stand above."""
        return self._options

    @cached_property
    def _options(self) -> Sequence[Option[Any]]:
        mark = self._mark()
        return (
            Option(f"yes.{mark}", self.agree, self._agreement(), YES),
            Option(f"no.{mark}", self.decline, None, NO_WORDS),
        )

    def is_binding(self) -> bool:
        """Take nobody's yes who cannot have read the words."""
        return True

    def again(self) -> Renderable | None:
        """Leave the long wording where it stands, right above."""
        return _("Do you agree? Please answer yes or no.")

    def choose(self, option: str) -> Agreement | Refusal | None:
        """Take the answer if it belongs to the words that are valid now."""
        if option not in {candidate.id for candidate in self.options()}:
            return CHANGED
        return super().choose(option)

    def dump(self, value: Agreement | None) -> Stored:
        """Store the very words that were shown, and what they were about."""
        if value is None:
            return {"version": self.terms.version, "about": self.about, "agreed": False}
        return {
            "version": value.version,
            "about": self.about,
            "agreed": True,
            "language": value.language,
            "wording": value.wording,
        }

    def load(self, stored: Stored) -> Agreement | Refusal | None:
        """Refuse an answer to other words, or about something else."""
        if (stored["version"], stored["about"]) != (self.terms.version, self.about):
            return CHANGED
        if not stored["agreed"]:
            return None
        if self.terms.wording.in_language(stored["language"]) != stored["wording"]:
            return CHANGED
        return Agreement(self.terms.slug, stored["version"], stored["language"], stored["wording"])

    def shown(self, value: Agreement | None) -> Renderable:
        """Say yes or no."""
        return self.decline if value is None else self.agree

    def _agreement(self) -> Agreement:
        language = self.terms.wording.language_for(self.language)
        wording = self.terms.wording.in_language(language)
        return Agreement(self.terms.slug, self.terms.version, language, wording)

    def _mark(self) -> str:
        """Give a short sign of the very words, and of what they are about."""
        shown = self._agreement()
        words = f"{shown.version} {shown.language} {shown.wording} {self.about}"
        return sha256(words.encode()).hexdigest()[:MARK]


MARK = 8
"""Characters of the sign of a wording in a button: enough to tell wordings of a city apart."""


def consent(  # noqa: PLR0913 (each part of the question)
    intro: Renderable | None,
    terms: ConsentTerms,
    language: Language,
    *,
    hint: Renderable | None = None,
    label: Renderable | None = None,
    about: str = "",
    answers: tuple[Renderable, Renderable] = (_("I agree"), _("I do not agree")),
) -> Consent:
    """Ask for a consent with its exact wording between an introduction and a hint."""
    binding = None if language.startswith("de") else _("The German wording is binding.")
    link = _("The whole document: {link}").format(link=terms.link) if terms.link else None
    return Consent(
        prompt=paragraphs(
            intro,
            _("“{wording}”").format(wording=terms.wording),
            binding,
            link,
            hint,
        ),
        label=label or terms.title,
        terms=terms,
        language=language,
        about=about,
        agree=answers[0],
        decline=answers[1],
    )
