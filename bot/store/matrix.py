"""The device of the bot on Matrix, and the keys that it holds; what is secret comes sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sqlalchemy import Insert, bindparam, delete, select, update
from sqlalchemy.dialects import sqlite

from bot.store.database import Transaction
from bot.store.tables import matrix_devices, matrix_keys

_d = matrix_devices.c
_k = matrix_keys.c


@dataclass(frozen=True, slots=True)
class Device:
    """As what the bot is signed in; `token` and `seeds` are sealed.

    `opened_by` names the program that may write keys: the last one that has opened them.
    """

    user_id: str
    device_id: str
    token: bytes
    seeds: bytes | None
    opened_by: str


class Name(NamedTuple):
    """What a key is called: its kind, and a name that only one of its kind has."""

    kind: str
    name: str


def device(tx: Transaction, user_id: str) -> Device | None:
    """Find out as what somebody is signed in."""
    columns = _d.user_id, _d.device_id, _d.token, _d.seeds, _d.opened_by
    row = tx.execute(select(*columns).where(_d.user_id == user_id)).one_or_none()
    return Device(*row) if row is not None else None


def keep_device(tx: Transaction, kept: Device) -> None:
    """Keep as what somebody is signed in; how far they have read stays."""
    row = {
        "user_id": kept.user_id,
        "device_id": kept.device_id,
        "token": kept.token,
        "seeds": kept.seeds,
        "opened_by": kept.opened_by,
    }
    changed = update(matrix_devices).where(_d.user_id == kept.user_id).values(row)
    if tx.execute(changed).rowcount == 0:
        tx.execute(matrix_devices.insert().values(row))


def is_opened_by(tx: Transaction, user_id: str, program: str) -> bool:
    """Tell whether this program is the last that has opened the keys; until the end, it stays."""
    mine = _d.user_id == user_id, _d.opened_by == program
    return tx.execute(update(matrix_devices).where(*mine).values(opened_by=program)).rowcount == 1


def since(tx: Transaction, user_id: str) -> str | None:
    """Find out how far somebody has read: the token of the last sync that was carried out."""
    found: str | None = tx.execute(
        select(_d.since).where(_d.user_id == user_id)
    ).scalar_one_or_none()
    return found


def move_on(tx: Transaction, user_id: str, token: str) -> None:
    """Note how far somebody has read."""
    tx.execute(update(matrix_devices).where(_d.user_id == user_id).values(since=token))


def keys(tx: Transaction, user_id: str) -> dict[Name, bytes]:
    """Read all keys that somebody holds."""
    rows = tx.execute(select(_k.kind, _k.name, _k.content).where(_k.user_id == user_id))
    return {Name(row.kind, row.name): row.content for row in rows}


def keep_keys(tx: Transaction, user_id: str, kept: Mapping[Name, bytes]) -> None:
    """Keep keys; those of the same name are replaced."""
    rows = [
        {"user_id": user_id, "kind": each.kind, "name": each.name, "content": content}
        for each, content in kept.items()
    ]
    if rows:
        tx.execute(_replacing(tx.dialect.name), rows)


def drop_keys(tx: Transaction, user_id: str, names: Iterable[Name]) -> None:
    """Delete keys."""
    rows = [{"whose": user_id, "of_kind": each.kind, "called": each.name} for each in names]
    if rows:
        tx.execute(_DROPPING, rows)


def drop_kinds(tx: Transaction, user_id: str, kinds: Iterable[str]) -> None:
    """Delete all keys of some kinds."""
    tx.execute(delete(matrix_keys).where(_k.user_id == user_id, _k.kind.in_(tuple(kinds))))


_DROPPING = delete(matrix_keys).where(
    _k.user_id == bindparam("whose"),
    _k.kind == bindparam("of_kind"),
    _k.name == bindparam("called"),
)


@cache
def _replacing(dialect: str) -> Insert:
    if dialect == "sqlite":
        row = sqlite.insert(matrix_keys)
        return row.on_conflict_do_update(
            index_elements=[_k.user_id, _k.kind, _k.name], set_={"content": row.excluded.content}
        )
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (slow, and useless on SQLite)

    new = postgresql.insert(matrix_keys)
    return new.on_conflict_do_update(
        index_elements=[_k.user_id, _k.kind, _k.name], set_={"content": new.excluded.content}
    )
