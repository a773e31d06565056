"""The privacy notice: a template that a city completes (docs/privacy-notice.md)."""

from __future__ import annotations

from functools import cache

from bot.domain.facts import Facts
from bot.domain.privacy import (
    CONSENTS_LAST_YEARS,
    DETAILS_LAST,
    IDLE_LAST,
    LETTERS_LAST,
    PICTURES_LAST,
    UNFINISHED_LAST,
)
from bot.flows.wording import bullets
from bot.i18n import Joined, Phrase, Renderable, _, lines, n_, paragraphs


def short(facts: Facts) -> Renderable:
    """Say before the first personal question what becomes of the answers."""
    own = facts.city.notice.short
    if own is not None:
        return own
    return _short(facts.city.name)


@cache
def _short(city: str) -> Phrase:
    return _(
        "{city} uses your answers for this dialogue alone. Names and contacts are erased {days} "
        "after the event. More: /privacy"
    ).format(city=city, days=_days(DETAILS_LAST.days))


def short_for_ideas(facts: Facts) -> Renderable:
    """Say before somebody hands in an idea what becomes of it and of their name."""
    own = facts.city.notice.short
    if own is not None:
        return own
    return _(
        "{city} publishes ideas; your name only if you add it. Take yours back at any time: /mine. "
        "More: /privacy"
    ).format(city=facts.city.name)


def whole(facts: Facts) -> Renderable:
    """Say who uses which data, what for and how long, on which ground, and one's rights."""
    city = facts.city
    own = city.notice
    return paragraphs(
        _("<b>Privacy notice</b>"),
        _section(_("Who is responsible"), own.controller or _controller(facts)),
        _section(_("Data protection officer"), own.officer or _OFFICER),
        _section(_("What for"), own.purposes or _PURPOSES),
        _section(_("On which legal ground"), own.grounds or _GROUNDS),
        _section(_("For how long"), own.retention or _retention()),
        _section(_("Who sees what"), own.networks or _NETWORKS),
        _section(_("Your rights"), own.rights or _RIGHTS),
        _section(_("Where you can complain"), own.authority or _AUTHORITY),
        own.link and _("The whole document: {link}").format(link=own.link),
    )


def _section(title: Phrase, text: Renderable) -> Joined:
    return lines(_("<b>{title}</b>").format(title=title), text)


def _controller(facts: Facts) -> Phrase:
    return _("The city of {city}, telephone {telephone}, e-mail {email}.").format(
        city=facts.city.name, telephone=facts.city.telephone, email=facts.city.email
    )


_OFFICER = _(
    "You can reach the city's data protection officer at the same number and address: please ask "
    "for them."
)
_PURPOSES = _(
    "So that you can take a seat at our events, hand in ideas and hear what becomes of them. "
    "Nothing is used for advertising. Seats go by the order of arrival and by nothing else. "
    "You need not tell me anything; only without a name I cannot keep a seat for you."
)
_GROUNDS = _(
    "The public dialogue is a task of the city (GDPR, Art. 6 (1) e). To appear in a broadcast is "
    "your own decision: it needs your consent (Art. 6 (1) a). What you need to take part may say "
    "something about your health: it needs a consent of its own (Art. 9 (2) a). You can withdraw "
    "each consent at any time with /mine; what was done before stays lawful."
)
_RIGHTS = _(
    "You can see and take along everything that I know about you, and have it erased: /privacy. "
    "You can correct it: /mine. You can also object, or ask the city to use your data only "
    "within limits. Withdrawing a consent is as easy as giving it: /mine."
)
_AUTHORITY = _(
    "At the supervisory authority: Landesbeauftragte für Datenschutz und Informationsfreiheit "
    "Nordrhein-Westfalen (LDI NRW), www.ldi.nrw.de."
)
_NETWORKS = lines(
    _("In the town hall, only those who need your data for the dialogue read it."),
    _(
        "Telegram: what you write here passes through its servers, outside the European Union "
        "too. Telegram can read it."
    ),
    _(
        "Matrix: the servers that take part pass it on. In an encrypted chat they cannot read it, "
        "but they see who writes and when, and reactions to messages."
    ),
    _("Telephone and e-mail: no chat network learns anything about you."),
)


def _retention() -> Renderable:
    return bullets(
        [
            _("answers that you have not finished: {days}").format(
                days=_days(UNFINISHED_LAST.days)
            ),
            _("what you need to take part: until the event is over"),
            _("names and contacts of a registration: {days} after the event").format(
                days=_days(DETAILS_LAST.days)
            ),
            _("pictures that belong to no idea: {days}").format(days=_days(PICTURES_LAST.days)),
            _("that a message came or went: {days}. Its words go once it has arrived").format(
                days=_days(LETTERS_LAST.days)
            ),
            _(
                "consents with their wording: {years} after the year of the event, because the "
                "city has to be able to prove them"
            ).format(years=_years(CONSENTS_LAST_YEARS)),
            _("ideas: they are published and stay, with a name only if you gave one"),
            _(
                "the address of your chat and your language: until you say “Forget me”, or for "
                "{days} after your last message if I keep nothing else of yours"
            ).format(days=_days(IDLE_LAST.days)),
        ]
    )


def _days(count: int) -> Phrase:
    return n_("{count} day", "{count} days", count)


def _years(count: int) -> Phrase:
    return n_("{count} year", "{count} years", count)
