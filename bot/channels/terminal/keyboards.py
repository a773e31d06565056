"""A person at a terminal: line editing, history and completion, with prompt_toolkit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import InMemoryHistory

from bot.channels.terminal.markup import Style, coloured
from bot.channels.terminal.pipes import style, write


class Keyboard:
    """A terminal with somebody in front of it; `commands` are completed, with what they do."""

    greets = True

    def __init__(self, commands: Mapping[str, str]) -> None:
        self.gone = asyncio.Event()
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(),  # what people type is personal and stays out of files
            completer=WordCompleter(list(commands), meta_dict=commands, sentence=True),
            complete_while_typing=True,
            reserve_space_for_menu=4,
        )

    @property
    def style(self) -> Style:
        """Say how text is shown at this moment; the window may have changed its size."""
        return style()

    async def read(self) -> str | None:
        """Wait for a line that is not empty; Ctrl-D and Ctrl-C are the end."""
        prompt = ANSI(coloured("> ", self.style, "1", "32"))
        line = ""
        while not line:
            try:
                line = await self._session.prompt_async(prompt)
            except (EOFError, KeyboardInterrupt):
                return None
        return line

    async def show(self, text: str) -> None:
        """Show text, above the prompt if somebody is typing."""
        await run_in_terminal(lambda: write(text))

    def leave(self, farewell: str) -> None:
        """Say goodbye."""
        write(f"{farewell}\n")
