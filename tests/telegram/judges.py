"""The second opinion: each request must fit aiogram's model of the method, to the last key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile
from pydantic import BaseModel, ValidationError

from tests.telegram.givens import Given
from tests.telegram.refusals import Refusal

_SAID_BY_TELEGRAM = {"text": "message text is empty", "chat_id": "chat_id is empty"}


@cache
def models() -> dict[str, type[TelegramMethod[Any]]]:
    """Give aiogram's methods by their name in lower case, as Telegram finds them."""
    return {
        name.lower(): getattr(aiogram.methods, name)
        for name in aiogram.methods.__all__
        if name not in {"TelegramMethod", "Request", "Response"}
    }


def faults_found(method: str, given: Given) -> list[str]:
    """List everything about a request that aiogram would not send."""
    model = models()[method]
    names = given.values.keys() | given.files.keys()
    attached = {
        value.removeprefix("attach://")
        for value in map(str, given.values.values())
        if value.startswith("attach://")
    }
    unknown = sorted(names - model.model_fields.keys() - attached)
    found = [f"unknown parameter {name}" for name in unknown if not _is_attached(name, given)]
    nulls = [name for name, value in given.values.items() if value is None]
    found += [f"{name} is null" for name in nulls]
    parameters = {name: _decoded(model, name, given) for name in names & model.model_fields.keys()}
    try:
        built = model.model_validate(parameters)
    except ValidationError as error:
        return found + [
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_input=False, include_url=False)
        ]
    return found + [f"unknown key {path}" for path in unknown_keys(built)]


def refusal(faults: list[str], method: str, given: Given) -> Refusal:
    """Put into Telegram's words what is wrong, where it has words."""
    missing = [
        words
        for name, words in _SAID_BY_TELEGRAM.items()
        if name in models()[method].model_fields and not given.text(name)
    ]
    markup = given.tree("reply_markup")
    if method.startswith("edit") and markup and "inline_keyboard" not in markup:
        missing.append("inline keyboard expected")
    return Refusal(400, f"Bad Request: {missing[0] if missing else '; '.join(faults)}")


def _is_attached(name: str, given: Given) -> bool:
    needle = f"attach://{name}"
    return any(needle in str(value) for value in given.values.values())


@cache
def _takes_text(model: type[TelegramMethod[Any]], name: str) -> bool:
    annotation = model.model_fields[name].annotation
    return annotation is str or str in get_args(annotation)


def _decoded(model: type[TelegramMethod[Any]], name: str, given: Given) -> object:
    if name in given.files or given.text(name).startswith("attach://"):
        upload = given.upload(name)
        if not isinstance(upload, str):
            return BufferedInputFile(upload.content, upload.name)
    value = given.values.get(name)
    if isinstance(value, str) and value[:1] in "{[" and not _takes_text(model, name):
        return given.tree(name)
    return value


def unknown_keys(value: object, path: str = "") -> Iterator[str]:
    """Give the keys, at any depth, that a model of aiogram does not know."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or ():
            yield f"{path}{name}"
        for name in value.model_fields_set:
            if name in type(value).model_fields:
                yield from unknown_keys(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for each in value:
            yield from unknown_keys(each, path)
