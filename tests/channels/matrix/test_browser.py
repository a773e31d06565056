"""A citizen with a client that is not ours, and that trusts only devices that are signed."""

from __future__ import annotations

import pytest

from bot.store.database import Database
from tests.channels.matrix.serving import TO_RECEIPT, WELCOME, Place
from tests.matrix import Homeserver
from tests.matrix.browsers import opened
from tests.serving import Serving, registered

pytestmark = pytest.mark.slow


def test_a_strict_client_takes_a_seat_and_never_sees_a_shield(
    homeserver: Homeserver, place: Place, service: Serving, records: Database
) -> None:
    with opened(homeserver, "erika", strict=True) as erika:
        erika.starts(place.account.user_id)
        erika.waits_for(WELCOME)
        for words, answer in TO_RECEIPT:
            erika.types(words)
            erika.waits_for(answer)

        of_bot = [message for message in erika.marked if message.from_bot]
        assert len(of_bot) > len(TO_RECEIPT)
        assert {(each.encrypted, each.shield) for each in of_bot} == {(True, "none")}
        assert erika.withheld == []
    assert registered(records) == 1
    assert service.failure is None
