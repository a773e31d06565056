"""What the tests of conversations may ask for, and the options with which they write files anew."""

import pytest

from tests.matrix.fixtures import homeserver

__all__ = ["homeserver"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; they are known when pytest is given this folder."""
    group = parser.getgroup("stadtdialog")
    group.addoption(
        "--renew-transcripts",
        action="store_true",
        help="write the golden transcripts as the program now answers; review the diff",
    )
    group.addoption(
        "--renew-bags",
        metavar="VERSION",
        help="write the stored conversations of the version that is under development",
    )
