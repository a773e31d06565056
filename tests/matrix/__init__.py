"""Matrix for the tests: a real homeserver, faults in front of it, and citizens with encryption.

The fixture `homeserver` is one Synapse for each process of pytest. Other folders import it into
their `conftest.py`: `from tests.matrix.fixtures import homeserver` (and name it in `__all__`).
It is used from plain, synchronous code; the bot may run in the same process or in another one.

    from tests.matrix import Fault, between, living

    account = homeserver.newcomer("stadtdialog")   # user_id, password, token, device_id
    with between(homeserver.url) as proxy, living(homeserver, account.user_id) as people:
        # Give the bot proxy.url as its homeserver, account.user_id and account.password.
        anna = people.person("anna", language="de")
        anna.starts()                              # an encrypted direct room, with the bot in it
        anna.waits_for("Willkommen")               # an unread message with these words
        sent = anna.types("Anmelden")
        anna.edits(sent, "/termine")
        anna.reacts(anna.last, "1️⃣")
        proxy.faults.next("send", Fault.too_many(2_000))
        assert proxy.calls.count("PUT send", status=429) == 1

The homeserver: `url`, `name`, `user_id(user)`, `register(user, password, admin=)`, `newcomer(name)`
(a name that is new in each test), `asks(method, path, content, token)`, `stop()`, `start()`,
`restart()` (`signal.SIGKILL` is a crash), `log`, `process_id`. `strict_homeserver` has a real
server's limits. `homeservers.running(limits)` is one of one's own, which takes two seconds.

What citizens do: `starts(encrypted=, waits=)`, `types(text, replies_to=)`, `edits`, `reacts`,
`deletes`, `sends_photo`, `sends_document`, `sends_voice`, `sends_sticker`, `sends_location`,
`sends_notice`, `sends(content, kind)` (anything), `leaves`, `invites_again`, `joins(room_id)`,
`withholds_key`, `hands_over_key`, `rotates_session`, `ends`.
What they see: `messages`, `last`, `unread`, `reads()`, `waits_for(words or predicate)`,
`waits_until(condition)`, `waits_for_bot()`, `bot_is_here`, `hears_nothing()`, `reactions` (of the
bot), `receipts` (what the bot has read), `typing`, `has_typed`, `room_id`.
A message is a `Shown`: `id`, `kind` (msgtype), `text`, `html`, `content`, `sender`, `from_bot`,
`encrypted`, `is_readable`, `edited`, `replies_to`, `geo_uri`, `file`, `file_name`, `media_type`.

A group: `people.group("Stadtrat", [anna, berta])` with `adds_bot`, `removes_bot`,
`types(anna, ...)`, `reacts(anna, ...)`, and all that a citizen sees.

What goes wrong: `proxy.faults.next("sync", Fault..., times=)`, `.always(...)`, `.clear()`,
`.left`; other names are "PUT send", "keys/upload", "rooms/!abc/send" or "*". The faults are
`Fault.too_many`, `refusal`, `forbidden`, `unknown_token`, `internal`, `bad_gateway`,
`broken_json`, `closed`, `answer_lost`, `hangs`.
`proxy.down()`, `proxy.up()`, `proxy.cuts()` (open connections, so also a sync that waits).
`proxy.calls` (`of`, `count`, `refused`, iteration) of `Call`: `method`, `path`, `status`,
`transaction`. `exhaust_keys(homeserver, user_id)` takes all one-time keys.

In a test with an event loop of its own, wait in a thread:
`await asyncio.to_thread(anna.waits_for, "Willkommen")`.
"""

from tests.matrix.citizens import Citizen
from tests.matrix.faults import Fault
from tests.matrix.groups import Group
from tests.matrix.homeservers import Account, Homeserver
from tests.matrix.keys import exhaust_keys
from tests.matrix.neighbourhoods import Neighbourhood, living
from tests.matrix.proxies import Proxy, between
from tests.matrix.screens import Reaction, Shown

__all__ = [
    "Account",
    "Citizen",
    "Fault",
    "Group",
    "Homeserver",
    "Neighbourhood",
    "Proxy",
    "Reaction",
    "Shown",
    "between",
    "exhaust_keys",
    "living",
]
