"""A picture that needs too much memory or time ends nothing but the process that opens it."""

from __future__ import annotations

import asyncio
import os
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.channels import decoders
from bot.dialogue.messages import Picture, Unsupported

HUGE = Unsupported("huge picture")


def jpeg(size: tuple[int, int] = (400, 200), *, progressive: bool = False) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, "JPEG", progressive=progressive)
    return file.getvalue()


def with_scans(count: int) -> bytes:
    """Repeat the last scan of a picture, which adds nothing to see."""
    content = jpeg((3000, 3000), progressive=True)
    scan = content[content.rfind(b"\xff\xda") : -2]
    return content[:-2] + scan * count + b"\xff\xd9"


def opening() -> list[Path]:
    """Find the processes that open pictures for this one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended in the meantime
        if parent == os.getpid() and decoders.__name__.encode() in command:
            found.append(process)
    return found


async def test_a_picture_comes_back_as_it_is_seen() -> None:
    found = await decoders.cleaned(jpeg())

    assert isinstance(found, Picture)
    assert found.media_type == "image/jpeg"
    assert Image.open(BytesIO(found.content)).size == (400, 200)


@pytest.mark.parametrize("content", [b"", b"no picture", jpeg()[:200]])
async def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert await decoders.cleaned(content) == Unsupported("picture")


async def test_more_bytes_than_a_network_gives_are_not_even_passed_on() -> None:
    assert await decoders.cleaned(bytes(20 * 1024 * 1024 + 1)) == Unsupported("large picture")


@pytest.mark.slow
async def test_a_picture_of_very_many_scans_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoders, "LONGEST_SECONDS", 3.0)
    before = time.monotonic()

    assert await decoders.cleaned(with_scans(20_000)) == HUGE
    assert time.monotonic() - before < 6
    assert opening() == []


@pytest.mark.slow
async def test_a_picture_that_needs_more_memory_than_there_is_is_refused() -> None:
    noise = BytesIO()
    Image.effect_noise((5400, 5400), 90).convert("RGB").save(
        noise, "JPEG", quality=40, progressive=True, subsampling=0
    )

    assert await decoders.cleaned(jpeg((7000, 7000), progressive=True)) == HUGE
    assert isinstance(await decoders.cleaned(noise.getvalue()), Picture | Unsupported)
    assert isinstance(await decoders.cleaned(jpeg()), Picture)


@pytest.mark.slow
async def test_a_picture_that_is_not_wanted_any_more_is_ended_at_once() -> None:
    task = asyncio.create_task(decoders.cleaned(with_scans(20_000)))
    await asyncio.sleep(1)
    assert len(opening()) == 1
    before = time.monotonic()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert time.monotonic() - before < 1
    assert opening() == []


async def test_what_opens_pictures_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:canary")
    task = asyncio.create_task(decoders.cleaned(jpeg()))
    seen = b""
    while not task.done():
        for process in opening():
            try:
                seen += (process / "environ").read_bytes()
            except OSError:
                continue  # it has ended in the meantime
        await asyncio.sleep(0.01)

    assert b"PATH=" in seen
    assert b"canary" not in seen
