"""Pictures of ideas, written into a directory or an archive, for the eyes of their owner only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from bot.services.refusals import OperatorError
from bot.store.ideas import Pictured


def write(pictures: Iterable[Pictured], target: Path) -> int:
    """Write pictures where the operator wants them; says how many."""
    count = 0
    try:
        with _place(target) as put:
            for picture in pictures:
                put(picture.filename, picture.content)
                count += 1
    except OSError as error:
        raise OperatorError(
            f"The pictures cannot be written to {target}: {error.strerror}."
        ) from error
    return count


@contextmanager
def _place(target: Path) -> Iterator[Callable[[str, bytes], None]]:
    """Open an archive, or make a directory; pictures are compressed already."""
    if target.suffix.lower() == ".zip" and not target.is_dir():
        with _opened(target) as file, ZipFile(file, "w") as archive:
            yield archive.writestr
        return
    target.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(name: str, content: bytes) -> None:
        with _opened(target / name) as file:
            file.write(content)

    yield put


def _opened(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
