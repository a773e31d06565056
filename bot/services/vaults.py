"""Sealing of what is secret before it is stored; the key comes from the settings, never from here.

Whoever has the database but not the settings can read nothing that is sealed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.services.refusals import OperatorError

_SALT = b"stadtdialog vault"
_COST = 2**14


@dataclass(frozen=True)
class Secret:
    """Something secret from the settings, and the name of its setting."""

    setting: str
    words: str = field(repr=False)


class Vault:
    """Seals with a key that is derived from a secret; making one takes a twentieth of a second."""

    def __init__(self, secret: Secret) -> None:
        self._setting = secret.setting
        derived = Scrypt(salt=_SALT, length=32, n=_COST, r=8, p=1).derive(secret.words.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, content: bytes) -> bytes:
        """Seal something, so that it may be stored."""
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """Open what was sealed; raises OperatorError if it was sealed with another secret."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise OperatorError(
                f"What is sealed in the database does not open with {self._setting}.\n"
                "Set STADTDIALOG_SECRET_KEY to the secret with which it was sealed: to its own\n"
                "earlier value or, if there was none, to the earlier password or token."
            ) from error
