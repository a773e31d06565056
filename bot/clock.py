"""The only reader of the clock; everything else is told what time it is."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)


def instant(seconds: float) -> datetime | None:
    """Read what a network says of a time (seconds since 1970); None if that is no time."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError, TypeError):
        return None
