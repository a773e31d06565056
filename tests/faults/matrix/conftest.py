"""Matrix for all of these tests."""

from __future__ import annotations

from tests.matrix.fixtures import homeserver, strict_homeserver

__all__ = ["homeserver", "strict_homeserver"]
