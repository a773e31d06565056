"""Messages that cannot be read, by accident or by malice, are left; nobody else is held up by them.

nio raises where a message begins a session a second time, or where its keys are none: then
everything that came with it is lost. It also keeps the names that people give their devices, and
takes part in verifications, which cannot succeed (issue 570).

https://github.com/matrix-nio/matrix-nio/issues/570
https://github.com/matrix-nio/matrix-nio (Olm.decrypt, Olm._handle_key_claiming, _handle_key_query)
"""

from __future__ import annotations

import logging
import time
from collections import Counter

from nio import (
    Event,
    KeysClaimResponse,
    KeysQueryResponse,
    KeyVerificationEvent,
    MegolmEvent,
    ToDeviceEvent,
    UnknownBadEvent,
)
from nio.crypto import Olm
from nio.exceptions import EncryptionError

log = logging.getLogger(__name__)

_UNREADABLE = (
    EncryptionError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)
"""What comes of foreign content in nio; the errors of its cryptography are ValueErrors."""

MOST_IN_AN_HOUR = 300
"""So many messages to this device are read of one sender: each may leave keys behind for ever."""

HOUR_SECONDS = 3600


class Unreadables(Olm):  # type: ignore[misc]  # untyped
    """Reads what can be read."""

    _hour = -1
    _of_this_hour: Counter[str]

    def handle_to_device_event(self, event: ToDeviceEvent) -> ToDeviceEvent | None:
        """Read a message to this device; none if it cannot be read, or asks for a verification."""
        if isinstance(event, KeyVerificationEvent) or self._is_too_much(event.sender):
            return None
        try:
            return super().handle_to_device_event(event)
        except _UNREADABLE as error:
            log.info("a message to this device cannot be read (%s)", type(error).__name__)
            return None

    def _is_too_much(self, sender: str) -> bool:
        hour = int(time.monotonic() // HOUR_SECONDS)
        if hour != self._hour:
            self._hour, self._of_this_hour = hour, Counter()
        self._of_this_hour[sender] += 1
        return self._of_this_hour[sender] > MOST_IN_AN_HOUR

    def decrypt_megolm_event(self, event: MegolmEvent, room_id: str | None = None) -> Event:
        """Read a message in a room; raises EncryptionError, and nothing else, if that fails.

        Who has sent it, and what it is called, is never encrypted. Nor is who is in a room: nio
        would believe anybody who says that others left. What says so holds no event at all.
        """
        try:
            opened = super().decrypt_megolm_event(event, room_id)
        except _UNREADABLE as error:
            raise EncryptionError(type(error).__name__) from error
        if isinstance(opened, UnknownBadEvent):
            return opened
        is_own = (opened.event_id, opened.sender) == (event.event_id, event.sender)
        return opened if is_own and "state_key" not in opened.source else UnknownBadEvent({})

    def _handle_key_claiming(self, response: KeysClaimResponse) -> None:
        """Begin sessions with devices, one by one: a key that is none harms only its own device."""
        found = response.one_time_keys
        for user_id, devices in found.items():
            for device_id, keys in devices.items():
                response.one_time_keys = {user_id: {device_id: keys}}
                try:
                    super()._handle_key_claiming(response)
                except (*_UNREADABLE, StopIteration) as error:
                    log.info("a device has no key that is one (%s)", type(error).__name__)
        response.one_time_keys = found

    def _handle_key_query(self, response: KeysQueryResponse) -> None:
        """Take up the keys of devices, person by person, without the names of the devices."""
        found, changed = response.device_keys, {}
        for user_id, devices in found.items():
            response.device_keys = {user_id: devices}
            try:
                for keys in devices.values():
                    keys.pop("unsigned", None)
                super()._handle_key_query(response)
            except _UNREADABLE as error:
                log.info("somebody has a device that is none (%s)", type(error).__name__)
                continue
            changed.update(response.changed)
        response.device_keys, response.changed = found, changed
