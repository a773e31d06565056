"""How many updates a second go the whole way over HTTP: webhook, turn, and the reply at a sink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from bot.channels.telegram.accounts import Account
from tests.bench.bots import TOKEN
from tests.bench.figures import Figure, Subject
from tests.bench.loads import Loads, Visit, loading
from tests.bench.plans import Plan
from tests.bench.programs import ECHO, RUN, free_port, started, wait_until_listening
from tests.bench.recordings import TYPED, Line, recorded
from tests.bench.sinks import Sink, sinking
from tests.bench.stages import DATABASES, Stage
from tests.bench.updates import FIRST_CHAT, FIRST_UPDATE

CONNECTIONS = 100
"""As many as Telegram opens at most."""

WARM_UP = 20
SECRET = Account(TOKEN, "").secret


@dataclass
class Server:
    """A bot with a webhook; `replies` is how many messages a conversation leads to."""

    port: int
    replies: int
    rates: list[float] = field(default_factory=list)


@dataclass
class Crowd:
    """Who writes, and from where: nobody registers twice."""

    sink: Sink
    loads: Loads
    lines: Sequence[Line]
    _numbers: int = 0

    def rate(self, server: Server, people: int) -> float:
        """Let so many people register; gives updates a second, until the last reply is there."""
        first, updates = self._numbers, people * len(self.lines)
        self._numbers += people
        chats = range(FIRST_CHAT + first, FIRST_CHAT + self._numbers)
        first_update = FIRST_UPDATE + first * len(self.lines)
        self.sink.taken.value = 0
        start = self.loads.bring(
            Visit(server.port, SECRET, self.lines, chats, first_update, CONNECTIONS)
        )
        return updates / (self.sink.waits_for(people * server.replies) - start)


def figures(stage: Stage, plan: Plan) -> Iterator[Figure]:
    """Measure both databases against the echo, in turn."""
    recording, keyword = stage.ahead("SQLite")
    lines = recorded(recording, keyword, *TYPED)
    with ExitStack() as stack:
        crowd = Crowd(stack.enter_context(sinking()), stack.enter_context(loading()), lines)
        echo = Server(free_port(), len(lines))
        stack.enter_context(_serving(stage, ECHO, crowd.sink, echo.port, {}))
        for database in DATABASES:
            ours = Server(free_port(), sum(line.replies for line in lines))
            own = {"DATABASE_URL": stage.ahead(database)[0].replace("+psycopg", "")}
            with _serving(stage, RUN, crowd.sink, ours.port, own):
                for server in (ours, echo):
                    crowd.rate(server, WARM_UP)
                for _ in range(plan.rounds):
                    for server in (ours, echo):
                        server.rates.append(crowd.rate(server, plan.visits))
            name = f"Telegram, webhook over HTTP, {CONNECTIONS} connections, against an echo"
            yield Subject(name, database, "updates/s").compared(ours.rates, echo.rates)
            echo.rates.clear()


@contextmanager
def _serving(
    stage: Stage, command: tuple[str, ...], sink: Sink, port: int, own: dict[str, str]
) -> Iterator[None]:
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": sink.url,
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "STADTDIALOG_HOST": "127.0.0.1",
        "PORT": str(port),
        "SECRET": SECRET,
    }
    with started(command, stage.directory, settings | own):
        wait_until_listening(port)
        yield
