"""Messages in, one transaction, replies out: everything that waits is carried out as one batch.

The order of locks is the same in every batch: conversations by ascending id, then events by
ascending id. So no two batches can wait for each other.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import clock
from bot.dialogue.flow import Flows
from bot.dialogue.messages import Incoming, Picture, Reply
from bot.dialogue.running import Runner, Situation
from bot.dialogue.state import State
from bot.dialogue.turn import Turn, begin
from bot.domain.absences import Absence
from bot.domain.facts import City
from bot.domain.ideas import PictureId
from bot.domain.people import PersonId
from bot.domain.privacy import Forgotten
from bot.flows import notices
from bot.flows.welcome import OTHER_LANGUAGES
from bot.i18n import Language, _, is_foreign, nearest
from bot.services import letters, reach
from bot.services.acts import Actor, Notice
from bot.services.books import Books
from bot.services.commands import Office, carry_out, lock, touched
from bot.services.facts import PersonalFacts, Snapshot
from bot.store import conversations, ideas, inbox, outbox
from bot.store.calendar import Events
from bot.store.conversations import Conversation
from bot.store.database import Database, Transaction, is_damage, is_outage, is_unstorable
from bot.store.outbox import Letter

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long a letter belongs to the program that wrote it, before anybody may sweep it up."""


@dataclass(frozen=True)
class House:
    """What every turn needs to know of this installation."""

    flows: Flows
    city: City
    office: Office
    language: Language


@dataclass(slots=True)
class _Exchange:
    """One message with the conversation that it belongs to, and what it has led to."""

    incoming: Incoming
    conversation: Conversation
    facts: PersonalFacts
    runner: Runner
    said_at: datetime


def never_away() -> Absence | None:
    """Say that nobody has to know when the program was away."""
    return None


class Turns:
    """Takes batches of messages; synchronous, to be called in the one thread of the database."""

    def __init__(
        self,
        database: Database,
        house: House,
        now: Callable[[], datetime] = clock.now,
        absence: Callable[[], Absence | None] = never_away,
    ) -> None:
        self._database = database
        self._house = house
        self._now = now
        self._absence = absence
        self._events = Events()
        self._in_doubt: set[tuple[str, str]] = set()

    def take(self, batch: Sequence[Incoming]) -> list[Letter]:
        """Carry out messages, at most one of each chat, and give the letters they lead to.

        Raises what `is_outage` recognises; the batch can then be given again. Raises what
        `is_damage` recognises; then nothing more can be taken. A message that cannot be carried out
        is set aside alone, and its sender is told kindly.
        """
        try:
            return self._transact(batch)
        except Exception as error:
            if is_outage(error):
                self._in_doubt |= _updates(batch)
                raise
            if is_damage(error):
                raise
            if len(batch) > 1:
                return [letter for incoming in batch for letter in self.take([incoming])]
            return self._set_aside(batch[0], error)

    def _transact(self, batch: Sequence[Incoming]) -> list[Letter]:
        letters = self._carried_out(batch)
        self._in_doubt -= _updates(batch)
        return letters

    def _carried_out(self, batch: Sequence[Incoming]) -> list[Letter]:
        now, language = self._now(), self._house.language
        with self._database.transaction() as tx:
            fresh = self._fresh(tx, batch, now)
            unsent = self._unsent(tx, batch, fresh, now)
            if not fresh:
                return unsent
            held = conversations.lock(
                tx, [(incoming.channel, incoming.chat) for incoming in fresh], now
            )
            unsent += reach.note(tx, fresh, held.values(), now, now + LEASE)
            people = [conversation.person for conversation in held.values()]
            snapshot = Snapshot(tx, self._events, self._house.city, people, now)
            exchanges = [
                self._turn(tx, incoming, held[incoming.channel, incoming.chat], snapshot)
                for incoming in fresh
            ]
            told = self._carry_out(tx, exchanges, snapshot)
            for exchange in exchanges:
                self._settle(exchange)
            conversations.save(tx, list(held.values()), now)
            answers = [
                each
                for exchange in exchanges
                for each in letters.answers(
                    exchange.conversation,
                    exchange.runner.replies,
                    language,
                    exchange.incoming.thread,
                    exchange.runner.state.open,
                )
            ]
            to_others = letters_for(tx, told, snapshot, language, now)
            return unsent + outbox.put(tx, [*answers, *to_others], now, now + LEASE)

    def _unsent(
        self, tx: Transaction, batch: Sequence[Incoming], fresh: list[Incoming], now: datetime
    ) -> list[Letter]:
        """Find the letters of messages that were committed after all, as only a retry shows."""
        return [
            letter
            for incoming in batch
            if (incoming.channel, incoming.update_id) in self._in_doubt and incoming not in fresh
            for letter in outbox.claim(
                tx, incoming.channel, now + LEASE, now + LEASE, incoming.chat
            )
        ]

    @staticmethod
    def _fresh(tx: Transaction, batch: Sequence[Incoming], now: datetime) -> list[Incoming]:
        updates = {(incoming.channel, incoming.update_id): incoming for incoming in batch}
        accepted = inbox.accept(tx, list(updates), now)
        return [incoming for update, incoming in updates.items() if update in accepted]

    def _turn(
        self,
        tx: Transaction,
        incoming: Incoming,
        conversation: Conversation,
        snapshot: Snapshot,
    ) -> _Exchange:
        facts = PersonalFacts(snapshot, conversation.person)
        absence, received_at = self._absence(), incoming.received_at
        said_at = absence.said_at(received_at, incoming.sent_at) if absence else received_at
        runner = self._run(incoming, conversation, facts, said_at)
        if said_at < received_at and runner.finished is None:
            # Only what ends a conversation counts as said then; what is read has to be up to date.
            runner = self._run(incoming, conversation, facts, received_at)
        if isinstance(incoming.content, Picture) and runner.has_use_for(incoming.content.id):
            _keep(tx, incoming.content, conversation.person, incoming.received_at)
        if conversation.language is None and is_foreign(incoming.language) and runner.replies:
            runner.replies.insert(0, Reply(OTHER_LANGUAGES))
        return _Exchange(incoming, conversation, facts, runner, said_at)

    def _run(
        self,
        incoming: Incoming,
        conversation: Conversation,
        facts: PersonalFacts,
        said_at: datetime,
    ) -> Runner:
        language = conversation.language or nearest(incoming.language, self._house.language)
        away = incoming.received_at - conversation.updated_at
        situation = Situation(
            self._house.flows,
            facts,
            incoming.received_at,
            self._now(),
            away,
            _new_run,
            incoming.channel,
            said_at,
        )
        runner = Runner(State.load(conversation.state), language, situation)
        Turn(runner).take(incoming.content)
        return runner

    def _carry_out(
        self, tx: Transaction, exchanges: Iterable[_Exchange], snapshot: Snapshot
    ) -> list[Notice]:
        """Carry out what the conversations have led to; gives what other people have to hear."""
        deciding = [
            (exchange, exchange.runner.finished)
            for exchange in exchanges
            if exchange.runner.finished is not None
        ]
        lock(
            tx,
            (
                event
                for exchange, finished in deciding
                for event in touched(tx, finished.command, exchange.conversation.person)
            ),
        )
        people = [exchange.conversation.person for exchange, _finished in deciding]
        books = Books(tx, people, snapshot.by_id)
        told: list[Notice] = []
        for exchange, finished in deciding:
            incoming = exchange.incoming
            actor = Actor(
                exchange.conversation.person,
                incoming.channel,
                incoming.received_at,
                finished.run,
                incoming.chat,
                exchange.said_at,
            )
            result = carry_out(books, finished.command, actor, self._house.office)
            told.extend(result.notices)
            exchange.facts.forget()
            if isinstance(result.outcome, Forgotten):
                exchange.runner.state.clear()  # what was paused is forgotten as well
            after = finished.flow.tell(finished.command, result.outcome, exchange.facts)
            exchange.runner.replies.extend(after.replies)
            begin(exchange.runner, after.then)
        books.balance()
        return told

    @staticmethod
    def _settle(exchange: _Exchange) -> None:
        take_keyboards_away(exchange.runner.state, exchange.runner.replies)
        exchange.conversation.language = exchange.runner.language
        exchange.conversation.state = exchange.runner.state.dump() or None

    def _set_aside(self, incoming: Incoming, error: Exception) -> list[Letter]:
        error_id = secrets.token_hex(4)
        _report(error_id, error)
        try:
            return self._apologise(incoming, error_id)
        except Exception as again:
            if not is_unstorable(again):
                raise
            _report(error_id, again)  # not even its address can be stored, and others are waiting
            return []

    def _apologise(self, incoming: Incoming, error_id: str) -> list[Letter]:
        now = self._now()
        with self._database.transaction() as tx:
            if not inbox.set_aside(tx, incoming.channel, incoming.update_id, error_id, now):
                return []
            key = (incoming.channel, incoming.chat)
            conversation = conversations.lock(tx, [key], now)[key]
            if conversation.language is None:
                conversation.language = nearest(incoming.language, self._house.language)
            sorry = Reply(
                _(
                    "I am sorry, something went wrong on my side with your last message. "
                    "Nothing that I have confirmed to you is lost. Please try once more; if it "
                    "happens again, call {telephone} and quote the number {number}."
                ).format(telephone=self._house.city.telephone, number=error_id)
            )
            letter = letters.letter(conversation, sorry, self._house.language)
            return outbox.put(tx, [letter], now, now + LEASE)


def letters_for(
    tx: Transaction, told: Sequence[Notice], snapshot: Snapshot, language: Language, now: datetime
) -> list[Letter]:
    """Write to everybody for whom a command, or the clock, has changed something."""
    replies = [
        (notice, notices.told(notice.what, PersonalFacts(snapshot, notice.person), now))
        for notice in told
    ]
    to_people = [(notice.person, reply) for notice, reply in replies if notice.chat is None]
    to_chats = [
        (notice.chat, reply)
        for notice, reply in replies
        if notice.chat is not None and notice.language is None
    ]
    forgotten = [
        letters.to_forgotten(notice.chat, nearest(notice.language, language), reply)
        for notice, reply in replies
        if notice.chat is not None and notice.language is not None
    ]
    return [
        *forgotten,
        *letters.to_chats(tx, to_chats, language),
        *letters.addressed(tx, to_people, language),
    ]


def take_keyboards_away(state: State, replies: list[Reply]) -> None:
    """Let the first answer behind a question for a number take away what stands below it."""
    for number, reply in enumerate(replies):
        if state.has_keyboard and not reply.asks_contact:
            replies[number] = replace(reply, takes_keyboard=True)
        state.has_keyboard = reply.asks_contact


def _updates(batch: Sequence[Incoming]) -> set[tuple[str, str]]:
    return {(incoming.channel, incoming.update_id) for incoming in batch}


def _keep(tx: Transaction, picture: Picture, person: PersonId, now: datetime) -> None:
    ideas.keep_picture(
        tx,
        ideas.NewPicture(PictureId(picture.id), person, picture.media_type, picture.content, now),
    )


def _new_run() -> str:
    return secrets.token_hex(5)


def _report(error_id: str, error: Exception) -> None:
    """Log where it happened, but not the message: it may quote what somebody wrote."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("set aside as %s: %s\n%s", error_id, type(error).__name__, frames)
