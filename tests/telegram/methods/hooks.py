"""Methods about the webhook."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

from tests.telegram.bots import Bot, Webhook
from tests.telegram.givens import Given
from tests.telegram.records import Records
from tests.telegram.refusals import Json, bad_request, conflict, too_many

PORTS = frozenset({80, 88, 443, 8443})
MOST_CONNECTIONS, USUAL_CONNECTIONS, LONGEST_SECRET = 100, 40, 256
SECONDS_BETWEEN = 1.0
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


def set_webhook(records: Records, bot: Bot, given: Given) -> bool:
    """Send updates to an address from now on; without an address, stop it."""
    url = given.text("url")
    if not url:
        return delete_webhook(records, bot, given)
    if time.monotonic() < bot.webhook_set_at + SECONDS_BETWEEN:
        raise too_many(1)
    bot.webhook_set_at = time.monotonic()
    _check(url, given.text("secret_token"))
    wanted = given.number("max_connections", USUAL_CONNECTIONS)
    connections = min(max(wanted, 1), MOST_CONNECTIONS)
    bot.queue.ask_for(given.tree("allowed_updates"))
    if given.truth("drop_pending_updates"):
        bot.queue.forget(list(bot.queue.waiting))
    bot.webhook = Webhook(
        url, given.text("secret_token"), connections, given.text("ip_address") or "127.0.0.1"
    )
    if bot.poll is not None and not bot.poll.done():
        bot.poll.set_exception(conflict("terminated by setWebhook request"))
    records.wake(bot)
    return True


def delete_webhook(records: Records, bot: Bot, given: Given) -> bool:
    """Keep updates for getUpdates again."""
    if given.truth("drop_pending_updates"):
        bot.queue.forget(list(bot.queue.waiting))
    bot.webhook = None
    records.wake(bot)
    return True


def get_webhook_info(_records: Records, bot: Bot, _given: Given) -> Json:
    """Tell how it stands with the webhook."""
    hook = bot.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.queue.waiting),
    }
    if hook is not None:
        if hook.error:
            info |= {"last_error_date": hook.error_date, "last_error_message": hook.error}
        info |= {"max_connections": hook.max_connections, "ip_address": hook.ip_address}
    if bot.queue.allowed is not None:
        info["allowed_updates"] = sorted(bot.queue.allowed)
    return info


def _check(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if parts.hostname in _HERE:
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
