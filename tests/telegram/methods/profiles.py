"""Methods about the bot itself: its name, its descriptions and its commands."""

from __future__ import annotations

import re

from tests.telegram.bots import Bot
from tests.telegram.givens import Given
from tests.telegram.records import Records
from tests.telegram.refusals import Json, bad_request

LONGEST_COMMAND, LONGEST_DESCRIPTION, MOST_COMMANDS = 32, 256, 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")


def get_me(_records: Records, bot: Bot, _given: Given) -> Json:
    """Tell who the bot is."""
    return bot.full_json()


def set_my_commands(records: Records, bot: Bot, given: Given) -> bool:
    """Set the menu for a scope and a language."""
    commands = [_command(each) for each in given.rows("commands", "BotCommand")]
    key = _scope(records, bot, given), _language(given)
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    if any(not _COMMAND.fullmatch(each["command"]) for each in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    bot.commands[key] = commands
    return True


def get_my_commands(records: Records, bot: Bot, given: Given) -> list[Json]:
    """Give the menu that was set for exactly this scope and language."""
    return bot.commands.get((_scope(records, bot, given), _language(given)), [])


def delete_my_commands(records: Records, bot: Bot, given: Given) -> bool:
    """Remove the menu for a scope and a language."""
    bot.commands.pop((_scope(records, bot, given), _language(given)), None)
    return True


def set_my_name(_records: Records, bot: Bot, given: Given) -> bool:
    """Set the name for a language."""
    return _set(bot.names, given, "name", 64)


def get_my_name(_records: Records, bot: Bot, given: Given) -> Json:
    """Give the name in a language."""
    names = {"": bot.first_name} | bot.names
    return {"name": names.get(_language(given)) or names[""]}


def set_my_description(_records: Records, bot: Bot, given: Given) -> bool:
    """Set what an empty chat shows, for a language."""
    return _set(bot.descriptions, given, "description", 512)


def get_my_description(_records: Records, bot: Bot, given: Given) -> Json:
    """Give what an empty chat shows."""
    return {"description": _in_language(bot.descriptions, given)}


def set_my_short_description(_records: Records, bot: Bot, given: Given) -> bool:
    """Set what the profile shows, for a language."""
    return _set(bot.short_descriptions, given, "short_description", 120)


def get_my_short_description(_records: Records, bot: Bot, given: Given) -> Json:
    """Give what the profile shows."""
    return {"short_description": _in_language(bot.short_descriptions, given)}


def _set(texts: dict[str, str], given: Given, name: str, most: int) -> bool:
    language = _language(given)
    text = given.text(name)
    if len(text) > most:
        raise bad_request(f"BOT_{name.removeprefix('short_').upper()}_TOO_LONG")
    texts[language] = text
    if not text:
        del texts[language]
    return True


def _in_language(texts: dict[str, str], given: Given) -> str:
    return texts.get(_language(given)) or texts.get("", "")


def _language(given: Given) -> str:
    code = given.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _command(command: Json) -> Json:
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    name, description = command["command"].strip(), command["description"].strip()
    name = name.removeprefix("/")
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > LONGEST_COMMAND:
        raise bad_request(f"command length must not exceed {LONGEST_COMMAND}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {LONGEST_DESCRIPTION}")
    return {"command": name, "description": description}


def _scope(records: Records, bot: Bot, given: Given) -> str:
    scope = given.branch("scope", "BotCommandScope") or {"type": "default"}
    match scope.get("type"):
        case (
            "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" as kind
        ):
            return str(kind)
        case "chat" | "chat_administrators" | "chat_member" as kind:
            chat_id = int(scope.get("chat_id", 0))
            if (bot.id, chat_id) not in records.private and chat_id not in records.groups:
                raise bad_request("chat not found")
            return f"{kind} {chat_id} {scope.get('user_id', '')}"
        case _:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
