"""A group: people, and perhaps bots."""

from __future__ import annotations

from tests.telegram import acts
from tests.telegram.accounts import Account, Person
from tests.telegram.bots import Bot, Query
from tests.telegram.chats import Chat, Message
from tests.telegram.phones import Phone
from tests.telegram.records import Records
from tests.telegram.texts import typed
from tests.telegram.views import View

_ANONYMOUS = Account(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


class Group(View):
    """What happens in a group, and (in View) what is seen there."""

    def __init__(self, records: Records, bot: Bot, title: str, members: list[Phone]) -> None:
        super().__init__(records)
        self.bot, self.queries = bot, []
        self._members = {phone.id: phone.person for phone in members}
        self._owner = members[0].person
        with records.changed:
            group_id = -(4_000_000_000 + records.random.randrange(500_000_000))
            self._chat = self._opened(Chat(group_id, "group", title))

    @property
    def id(self) -> int:
        """The id that it has now."""
        return self.chat.id

    @property
    def chat(self) -> Chat:
        """The chat that it is now."""
        return self._chat

    def adds_bot(self) -> None:
        """Let the owner add the bot."""
        with self.records.changed:
            self.records.tell_membership(self.bot, self.chat, self._owner, "member")
            user = self.bot.as_json()
            names = {"new_chat_participant": user, "new_chat_member": user}
            content = names | {"new_chat_members": [user]}
            acts.say(self.records, self.chat, self._owner, content)

    def removes_bot(self) -> None:
        """Let the owner remove the bot."""
        with self.records.changed:
            user = self.bot.as_json()
            content = {"left_chat_participant": user, "left_chat_member": user}
            acts.say(self.records, self.chat, self._owner, content)
            self.records.tell_membership(self.bot, self.chat, self._owner, "kicked")

    def types(self, phone: Phone, text: str, *, replies_to: int | None = None) -> Message:
        """Let a member type a text; in privacy mode the bot sees commands and replies to it."""
        replied = self.chat.messages[replies_to] if replies_to is not None else None
        return acts.say(self.records, self.chat, self._member(phone), typed(text), replied)

    def taps(self, phone: Phone, label: str | int) -> Query:
        """Let a member tap an inline button."""
        found = acts.find_button(self.records, self.chat, label)
        assert found is not None, f"no button {label!r}; there is:\n{self}"
        self.queries.append(acts.tap(self.records, self._member(phone), found[0], found[1].data))
        return self.queries[-1]

    def upgrades(self) -> None:
        """Become a supergroup, with another id and no history."""
        with self.records.changed:
            old = self.chat
            new_id = -(1_000_000_000_000 + self.records.random.randrange(1 << 31, 1 << 32))
            new = self._opened(Chat(new_id, "supergroup", old.title))
            acts.say(self.records, old, self._owner, {"migrate_to_chat_id": new.id})
            old.upgraded_to = new.id
            new.bots = {bot_id: status for bot_id, status in old.bots.items() if status == "member"}
            self._chat = new
            message = self.records.draft(new, _ANONYMOUS, {"migrate_from_chat_id": old.id})
            message.content["sender_chat"] = new.as_json()
            self.records.post(message)
            for bot in acts.present(self.records, new):
                self.records.tell_message(bot, message)

    def _opened(self, chat: Chat) -> Chat:
        chat.members = dict(self._members)
        self.records.groups[chat.id] = self.records.begin(chat)
        return chat

    def _member(self, phone: Phone) -> Person:
        return self.chat.members[phone.id]
