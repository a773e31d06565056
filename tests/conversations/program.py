"""The real program, with a clock that was set: `python -m tests.conversations.program TIME ...`."""

import sys
from datetime import UTC, datetime

from bot import clock


def _set(text: str) -> None:
    ahead = datetime.fromisoformat(text) - datetime.now(UTC)
    clock.now = lambda: datetime.now(UTC) + ahead


if __name__ == "__main__":
    _set(sys.argv.pop(1))

    from bot.cli import main  # after the clock is set: some take it as they are imported

    main()
