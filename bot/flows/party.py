"""Who comes along: asked for by names, by number, or one after the other."""

from __future__ import annotations

from itertools import count

from bot.dialogue.coming import Coming
from bot.dialogue.consenting import Consent, consent
from bot.dialogue.parties import Mention
from bot.dialogue.questions import OneOf, Option, yes_or_no
from bot.dialogue.talk import Talk
from bot.domain.events import ConsentTerms, Event, Place
from bot.domain.seats import Companion
from bot.flows import wording
from bot.i18n import Renderable, _

NAME_LENGTH = 80
MOST_COMPANIONS = 5
ADULT_AT = 16
"""From this age on one consents for oneself (GDPR, Art. 8)."""


def companions(
    talk: Talk, event: Event, place: Place, own: str, already: int = 0
) -> tuple[Companion, ...]:
    """Ask who comes along; `own` is the name of whoever registers, `already` counts who does.

    Each companion keeps the number that they were asked by: a gap is somebody who was struck out.
    """
    coming: list[Companion] = []
    for number in count(1):
        if already + len(coming) == MOST_COMPANIONS:
            _say_that_these_are_all(talk, event, number)
            break
        found = _mentioned(talk, event, number, already + len(coming), own)
        if found is None:
            _strike_all(talk)
            return companions(talk, event, place, own, already)
        if found:
            companion = agreed(talk, number, found[0].name, event, place)
            coming.extend([] if companion is None else [companion])
        elif not _later(talk, number):
            break
    return tuple(coming)


def _mentioned(
    talk: Talk, event: Event, number: int, rank: int, own: str
) -> tuple[Mention, ...] | None:
    """Ask for a companion until there is a name; () is nobody, None that nobody at all comes."""
    key = _name(number)
    while True:
        question = _coming(talk, event, number, rank, own)
        if not question.prompt:
            talk.answers.setdefault(key, None)
        found = talk.ask(key, question, clears=(_child(number),))
        if found and question.dump(found) != found[0].name:
            _spread(talk, number, found)
        if not found or key in talk.answers:
            return found


def _name(number: int) -> str:
    return f"companion.{number}.name"


def _called(number: int) -> str:
    """Name the key that announces somebody without a name; not the key of a question."""
    return f"companion.{number}.called"


def _child(number: int) -> str:
    return f"companion.{number}.child"


def _numbers(talk: Talk, detail: str) -> list[int]:
    """List the numbers of companions of whom something is known."""
    keys = [key.split(".") for key, stored in talk.answers.items() if stored is not None]
    return [int(key[1]) for key in keys if key[0] == "companion" and key[2:] == [detail]]


def _later(talk: Talk, number: int) -> list[int]:
    """List the numbers of those who come, or are announced, behind this one."""
    known = {*_numbers(talk, "name"), *_numbers(talk, "called")}
    return [each for each in known if each > number]


def _is_last_announced(talk: Talk, number: int) -> bool:
    """Tell whether as many have been named as were announced by their number."""
    announced = _numbers(talk, "called")
    return bool(announced) and number > max(announced)


def _spread(talk: Talk, number: int, found: tuple[Mention, ...]) -> None:
    """Give each of several people who were mentioned in one answer a number of their own."""
    talk.forget(_name(number))
    for mention in found:
        while talk.answers.get(_name(number)) is not None:
            number += 1
        talk.forget(_name(number), _child(number))
        if mention.name:
            talk.keep(_name(number), mention.name)
        else:
            talk.keep(_called(number), mention.called)
        if mention.name and mention.age is not None:
            talk.keep(_child(number), "yes" if mention.age < ADULT_AT else "no")
        number += 1


def _strike_all(talk: Talk) -> None:
    talk.forget(*[key for key in talk.answers if key.startswith("companion.")])
    talk.keep(_name(1), None)


def _coming(talk: Talk, event: Event, number: int, rank: int, own: str) -> Coming:
    key = _name(number)
    former, others = talk.formerly(key), len({*_later(talk, number)})
    prompt, skip = _words(talk, number, rank)
    if isinstance(former, str):
        prompt = _("What is the right name? Or who comes instead of {name}?").format(name=former)
        skip = _("{name} is not coming").format(name=former)
    elif (
        _is_last_announced(talk, number) and not talk.is_changing(key) and not talk.answers.get(key)
    ):
        prompt = ""  # as many have been named as were announced
    return Coming(
        prompt=prompt,
        label=_("Companion {number}").format(number=rank + 1),
        none_label=None if others else _("Also with me") if rank else _("With me"),
        own=own,
        max_length=NAME_LENGTH,
        room=MOST_COMPANIONS - rank - others,
        too_many=_too_many(talk, event),
        skip=skip,
        alone=_("I am coming alone") if former is not None and rank + others else None,
    )


def _words(talk: Talk, number: int, rank: int) -> tuple[Renderable, Renderable]:
    """Word the question and the way past it."""
    called = talk.answers.get(_called(number))
    if called:
        asked = _("“{person}” is welcome. What is the name? First name and surname, please.")
        return asked.format(person=called), _("Not coming after all")
    if called is not None:
        asked = _("What is the name of companion {number}?").format(number=rank + 1)
        return asked, _("Not coming after all")
    if rank:
        return _("Who else is coming?"), _("Nobody else")
    asked = _("Who is coming with you? Type names, or how many.")
    return asked, _("I am coming alone")


def _too_many(talk: Talk, event: Event) -> Renderable:
    return _(
        "Up to {count} people can come with you. If you are more, please call {telephone}: we find "
        "a way. Who of you shall I register?"
    ).format(count=MOST_COMPANIONS, telephone=wording.telephone(event, talk.facts.city))


def _say_that_these_are_all(talk: Talk, event: Event, number: int) -> None:
    """Say the limit before somebody names one more at the next question."""
    if _called(number - 1) in talk.answers:
        return  # they were counted before
    prompt = _(
        "That makes {count} people with you, and more cannot come along here. If you are more, "
        "please call {telephone}: we find a way."
    ).format(count=MOST_COMPANIONS, telephone=wording.telephone(event, talk.facts.city))
    talk.ask("companion.full", OneOf(prompt=prompt, of=(Option("on", _("Go on"), "on"),)))


def agreed(talk: Talk, number: int, name: str, event: Event, place: Place) -> Companion | None:
    """Children are agreed for by a parent or guardian, adults answer for themselves later.

    None is a child for whom nobody agreed: it does not come along.
    """
    if not place.consents:
        return Companion(name)
    is_child = talk.ask(
        f"companion.{number}.child",
        yes_or_no(_("Is this person under {age}: {name}?").format(name=name, age=ADULT_AT)),
    )
    if not is_child:
        return Companion(name)
    agreements = []
    for terms in place.consents:
        agreement = talk.ask(
            f"companion.{number}.{_whose(terms)}.{terms.slug}",
            for_a_child(name, terms, event, talk),
        )
        if agreement is None:
            talk.say(
                f"companion.{number}.stays",
                _(
                    "That is fine. I do not register {name}; whoever is under {age} needs the "
                    "consent of a parent or guardian for this place."
                ).format(name=name, age=ADULT_AT),
            )
            return None
        agreements.append(agreement)
    return Companion(name, child=True, agreements=tuple(agreements))


def _whose(terms: ConsentTerms) -> str:
    """Name the question: what guardians say is not what the same key once meant."""
    return "consent" if terms.guardian is None else "guardian"


def for_a_child(name: str, terms: ConsentTerms, event: Event, talk: Talk) -> Consent:
    """Ask a parent or guardian for what a child needs to come along."""
    return consent(
        _("{name} is under {age}. So a parent or guardian has to agree to this:").format(
            name=name, age=ADULT_AT
        ),
        terms.for_a_child(),
        talk.language,
        label=_("Consent for {name}").format(name=name),
        about=f"{event.slug}: {name}",
        answers=(
            _("I am a parent or guardian, and I agree"),
            _("No, {name} does not come").format(name=name),
        ),
    )
