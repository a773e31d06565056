"""The menu of commands that Telegram offers, and what it says of the bot, in each language.

Source: https://core.telegram.org/bots/api#setmycommands
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from telegram import BotCommand
from telegram.error import BadRequest

from bot.channels.telegram.accounts import Account
from bot.channels.telegram.calls import Call
from bot.domain.people import Role
from bot.flows.book import FLOWS
from bot.flows.welcome import ANYTIME
from bot.i18n import LANGUAGES, Language, Phrase, _, render

_HELP = re.compile(r"/([a-z0-9_]{1,32})[^–]* – (.+)")
_LONGEST = 256
_LONGEST_SHORT, _LONGEST_WHOLE = 120, 512
_ASK = _("/help – what I can do")
OTHERS = "en"
"""What somebody reads whose language does not ship."""


def commands(role: Role | None, language: Language) -> list[BotCommand]:
    """List the commands that somebody may use, in the words in which the help names them."""
    helps = [flow.help for flow in FLOWS.open_to(role) if flow.help is not None]
    lines = (*helps, _ASK, *ANYTIME)
    found = [_HELP.fullmatch(render(help_, language).striptags()) for help_ in lines]
    return [BotCommand(each[1], each[2][:_LONGEST]) for each in found if each is not None]


def menu(chat: str, role: str, language: Language) -> Call:
    """Offer the commands of a role in one chat, in the language that is spoken there."""
    offered = commands(Role(role) if role else None, language)
    parameters = {
        "commands": [command.to_dict() for command in offered],
        "scope": {"type": "chat", "chat_id": int(chat)},
    }
    return Call("setMyCommands", parameters)


async def introduce(account: Account, city: str) -> list[str]:
    """Tell Telegram the commands, and what stands in the profile and in an empty chat.

    Gives what Telegram has refused, with its reasons; the rest is there all the same.
    """
    refused = []
    for language, code in _languages():
        short = _cut(_in(_short(city), language), _LONGEST_SHORT)
        whole = _cut(_in(_whole(city), language), _LONGEST_WHOLE)
        for method, told in (
            ("set_my_commands", commands(None, language)),
            ("set_my_short_description", short),
            ("set_my_description", whole),
        ):
            try:
                await getattr(account.bot, method)(told, language_code=code)
            except BadRequest as error:
                refused.append(f"{method} ({language}): {error.message}")
    return refused


def _cut(text: str, longest: int) -> str:
    """Shorten what a long name of a city makes too long; Telegram would refuse it as a whole."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return text
    return units[: 2 * (longest - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def _languages() -> Iterator[tuple[Language, str | None]]:
    """Name each language that Telegram knows, with its code; at first the one for all others."""
    yield OTHERS, None
    for language in LANGUAGES:
        if "@" not in language:
            yield language, language


def _in(text: Phrase, language: Language) -> str:
    return str(render(text, language).striptags())


def _short(city: str) -> Phrase:
    """Say what the bot is for, in the profile; 120 characters at most."""
    return _("The public dialogue of {city}: seats at events, ideas, answers.").format(city=city)


def _whole(city: str) -> Phrase:
    """Say what the bot is for, in an empty chat; 512 characters at most."""
    return _(
        "Welcome to the public dialogue of {city}! Here you can take a seat at our events, hand in "
        "ideas and experiences, and see what becomes of them. Tap “Start” to begin."
    ).format(city=city)
