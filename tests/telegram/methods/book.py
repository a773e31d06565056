"""All methods that the stand-in carries out, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.telegram.bots import Bot
from tests.telegram.givens import Given
from tests.telegram.methods import downloads, editing, hooks, profiles, sending
from tests.telegram.records import Records

Method = Callable[[Records, Bot, Given], object]

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "getme": profiles.get_me,
        "setmycommands": profiles.set_my_commands,
        "getmycommands": profiles.get_my_commands,
        "deletemycommands": profiles.delete_my_commands,
        "setmyname": profiles.set_my_name,
        "getmyname": profiles.get_my_name,
        "setmydescription": profiles.set_my_description,
        "getmydescription": profiles.get_my_description,
        "setmyshortdescription": profiles.set_my_short_description,
        "getmyshortdescription": profiles.get_my_short_description,
        "sendmessage": sending.send_message,
        "sendlocation": sending.send_location,
        "sendvenue": sending.send_venue,
        "senddocument": sending.send_document,
        "sendphoto": sending.send_photo,
        "sendchataction": sending.send_chat_action,
        "editmessagetext": editing.edit_message_text,
        "editmessagereplymarkup": editing.edit_message_reply_markup,
        "deletemessage": editing.delete_message,
        "answercallbackquery": editing.answer_callback_query,
        "getchat": editing.get_chat,
        "leavechat": editing.leave_chat,
        "getfile": downloads.get_file,
        "setwebhook": hooks.set_webhook,
        "deletewebhook": hooks.delete_webhook,
        "getwebhookinfo": hooks.get_webhook_info,
    }
)
LIMITED = frozenset(
    {
        name
        for name in METHODS
        if name.startswith(("send", "edit", "delete")) and name.endswith(("message", "text"))
    }
    | {"sendvenue", "sendlocation", "senddocument", "sendphoto", "editmessagereplymarkup"}
)
"""What counts towards the rate limits; `getupdates` is carried out in polling.py."""
