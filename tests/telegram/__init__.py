"""A stand-in for Telegram's servers: a strict Bot API over HTTP, with people who hold phones.

It runs in a thread of its own and is used from plain, synchronous code; the bot may run in the
same process or in another one.

    from tests.telegram import Fault, running

    with running() as telegram:
        # The bot talks to f"{telegram.url}/bot{telegram.token}/sendMessage"; give it
        # TELEGRAM_API_URL = telegram.url and telegram.token.
        anna = telegram.person("anna", language="de")
        anna.starts()                          # /start, and opens the chat
        anna.waits_for("Willkommen")           # an unread message with these words
        anna.taps("Anmelden")                  # an inline button or one of the reply keyboard
        anna.types("Erika Beispiel")
        telegram.faults.next("sendMessage", Fault.too_many(2), chat=anna.id)
        assert telegram.defects == []          # aiogram found nothing wrong with any request

What a phone does: `starts(code)`, `types`, `taps`, `taps_number`, `taps_data`, `sends_photo`,
`sends_document`, `sends_album`, `sends_sticker`, `sends_voice`, `sends_video`, `sends_location`,
`shares_contact`, `sends` (anything), `edits`, `reacts`, `blocks`, `unblocks`, `deletes_chat`.
What it shows: `messages`, `last`, `unread`, `reads()`, `waits_for(words or predicate)`,
`hears_nothing()`, `reply_keyboard`, `notices` (of taps), `spinning` (taps without an answer).
A message is a `Shown`: `id`, `text`, `html`, `entities`, `rows` of `Button(text, data, url)`,
`buttons`, `labels`, `venue`, `document`, `content`, `edited`, `from_bot`, `replies_to`.

A group: `telegram.group("Stadtrat", [anna])` with `adds_bot`, `removes_bot`, `types(anna, ...)`,
`taps(anna, ...)`, `upgrades`, `messages`, `waits_for`. The bot is in privacy mode.

What goes wrong: `telegram.faults.next(method or "*" or "file", Fault..., chat=, times=)`,
`.always(...)`, `.clear()`, `.left`; the faults are `Fault.too_many`, `bad_request`, `forbidden`,
`internal`, `bad_gateway`, `broken_json`, `closed`, `answer_lost`, `hangs`. `telegram.down()` and
`telegram.up()`; `telegram.limits(per_chat_per_second=, overall_per_second=)`;
`telegram.expire_queries()`; `telegram.weather` (duplicates, losses, delay_seconds, shuffles,
in_lines, retry_seconds ...) for deliveries to a webhook, which may be at http://127.0.0.1.

Accounts: `telegram.calls` (`of`, `count`, `refused`, iteration), `telegram.defects`,
`telegram.pending`, `waits_until`, `waits_until_read`; `telegram.checks = False` for benchmarks.

Details of the real one that a test may want to change: `telegram.records.query_seconds` (taps
grow old after 900), `.conflict_seconds` (a second 409 within 3 is held back for as long),
`.slows_down_the_hasty` (off: who polls the same offset again at once gets one update only).

In a test with an event loop of its own, wait in a thread:
`await asyncio.to_thread(anna.waits_for, "Willkommen")`.
"""

from tests.telegram.faults import Fault
from tests.telegram.groups import Group
from tests.telegram.phones import Phone
from tests.telegram.running import Telegram, running
from tests.telegram.screens import Button, Shown

__all__ = ["Button", "Fault", "Group", "Phone", "Shown", "Telegram", "running"]
