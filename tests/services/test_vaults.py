"""What is sealed is read by whoever has the secret of the settings, and by nobody else."""

from __future__ import annotations

import pytest

from bot.services.refusals import OperatorError
from bot.services.vaults import Secret, Vault


def test_the_same_secret_opens_what_was_sealed() -> None:
    sealed = Vault(Secret("MATRIX_PASSWORD", "a password")).seal(b"seeds")

    assert b"seeds" not in sealed
    # Whoever changes the password names the earlier one.
    assert Vault(Secret("STADTDIALOG_SECRET_KEY", "a password")).open(sealed) == b"seeds"


@pytest.mark.parametrize("setting", ["STADTDIALOG_SECRET_KEY", "MATRIX_PASSWORD"])
def test_another_secret_is_the_operators_business(setting: str) -> None:
    sealed = Vault(Secret(setting, "a password")).seal(b"seeds")
    other = Secret(setting, "another one")

    with pytest.raises(OperatorError, match=setting) as refused:
        Vault(other).open(sealed)
    assert "another one" not in f"{refused.value} {other!r} {Vault(other)!r}"
