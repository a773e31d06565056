"""The reference: an echo on python-telegram-bot, as its manual has it; also a program of its own.

It imports nothing else, so that its start and its memory are those of the library.
"""

from __future__ import annotations

import os
from typing import Any

import telegram as ptb
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

Echo = Application[Any, Any, Any, Any, Any, Any]


async def echo(update: ptb.Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


async def echo_tap(update: ptb.Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what a button says."""
    assert update.callback_query is not None
    assert update.effective_chat is not None
    await update.effective_chat.send_message(update.callback_query.data or "")


def with_echo(application: Echo) -> Echo:
    """Let a bot of python-telegram-bot echo."""
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(echo_tap))
    return application


def main() -> None:
    """Run until a signal: with a webhook if there is an address for it, otherwise by polling."""
    api = os.environ["TELEGRAM_API_URL"]
    builder = ApplicationBuilder().token(os.environ["TELEGRAM_TOKEN"])
    application = with_echo(builder.base_url(f"{api}/bot").build())
    if url := os.environ.get("TELEGRAM_WEBHOOK_URL"):
        application.run_webhook(
            listen="127.0.0.1",
            port=int(os.environ["PORT"]),
            url_path="telegram",
            webhook_url=url,
            secret_token=os.environ["SECRET"],
        )
    else:
        application.run_polling()


if __name__ == "__main__":
    main()
