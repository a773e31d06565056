"""What is said of messages that the bot cannot read, or that are no answer, by their kind."""

from __future__ import annotations

from bot.dialogue.messages import Unreadable
from bot.i18n import Phrase, _

SENT_AGAIN: dict[Unreadable, Phrase] = {
    "large picture": _("This picture is too large: I can take 20 MB. Please send a smaller one."),
    "huge picture": _(
        "This picture has too many pixels: I can take 50 megapixels as JPEG, and 16 megapixels in "
        "any other format. Please send a smaller one."
    ),
    "lost picture": _("Your picture has not reached me. Please send it once more."),
    "too many pictures": _(
        "These are very many pictures at once. Please send this one again in five minutes."
    ),
    "lost message": _(
        "Your last message has arrived, but I could not decrypt it. Please send it once more."
    ),
}
"""What can be mended by sending something again; the open question follows."""

EXPLAINED: dict[Unreadable, Phrase] = {
    "reaction": _(
        "A reaction is never encrypted, so I do not take it for an answer to this. "
        "Please write the number instead."
    ),
    "sign": _(
        "I cannot take a sign below a message for an answer. Please write your answer instead."
    ),
    "verification": _(
        "I cannot compare signs with you. Our chat is encrypted all the same, and "
        "nobody else can read along."
    ),
    "more pictures": _("I look at one picture at a time: at the first of those you sent together."),
}
"""What is only explained."""

BESIDE_WORDS = _("I have read your words. What you sent with them I cannot open.")
"""What is said of everything else that came with words."""


def beside_words(kind: Unreadable) -> Phrase:
    """Say what was not taken of a message whose words were."""
    return SENT_AGAIN.get(kind) or EXPLAINED.get(kind) or BESIDE_WORDS
