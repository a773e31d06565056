"""How somebody wants to be reached: a telephone number or an e-mail address, checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.addresses import numbers_in, written
from bot.dialogue.messages import SharedContact
from bot.dialogue.questions import Option, Question, Refusal, Stored
from bot.domain.people import HERE, Contact, ContactKind
from bot.i18n import Phrase, Renderable, _

REGION = "DE"
"""Where a number without a country code is (ISO 3166)."""

_MAX_LENGTH = 254  # RFC 5321: the longest address that a mail server has to take


@dataclass(frozen=True, kw_only=True)
class Reach(Question[Contact]):
    """Ask for one way to be reached; "here in this chat" is always one."""

    def options(self) -> Sequence[Option[Any]]:
        """Offer this chat."""
        return (Option("here", _("Here in this chat"), HERE, also=_("here, chat")),)

    def asks_contact(self) -> bool:
        """Let the network offer the person's own number."""
        return True

    def words(self, text: str) -> Contact | Refusal:
        """Read an e-mail address or a telephone number, with whatever people put around it."""
        if len(text) > _MAX_LENGTH:
            return Refusal(_UNCLEAR)
        said = written(text)
        return _email(said) if "@" in said else _phone(said)

    def contact(self, contact: SharedContact) -> Contact | Refusal:
        """Take one's own number from the address book, nobody else's."""
        if not contact.own:
            return Refusal(_("That is somebody else's number. Please share your own, or type it."))
        number = contact.phone if contact.phone.startswith("+") else f"+{contact.phone}"
        return _phone(number)

    def dump(self, value: Contact) -> Stored:
        """Store kind and value."""
        return [value.kind.value, value.value]

    def load(self, stored: Stored) -> Contact | Refusal:
        """Take up kind and value."""
        kind, value = stored
        return Contact(ContactKind(kind), value)

    def shown(self, value: Contact) -> Renderable:
        """Say the number as people write it."""
        return spoken(value)

    def understood(self, value: Contact) -> Renderable | None:
        """Show a number or an address before it is kept."""
        if value.kind is ContactKind.CHAT:
            return None
        return _("I reach you like this: {contact}").format(contact=spoken(value))


def spoken(contact: Contact) -> Renderable:
    """Say a way to be reached as people write it."""
    match contact.kind:
        case ContactKind.CHAT:
            return _("here in this chat")
        case ContactKind.EMAIL:
            return contact.value
        case ContactKind.PHONE:
            import phonenumbers  # noqa: PLC0415 (its tables are slow to load, and rarely needed)

            number = phonenumbers.parse(contact.value, None)
            style = phonenumbers.PhoneNumberFormat
            if number.country_code != phonenumbers.country_code_for_region(REGION):
                return phonenumbers.format_number(number, style.INTERNATIONAL)
            if _MOBILE.match(str(number.national_number)):
                return _MOBILE.sub(r"0\1 \2", str(number.national_number))
            return phonenumbers.format_number(number, style.NATIONAL)


def international(number: str) -> str:
    """Write a telephone number (E.164) in groups, with the code of its country."""
    import phonenumbers  # noqa: PLC0415 (its tables are slow to load, and rarely needed)

    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(phonenumbers.parse(number, None), style)


_SHORTEST = 7
"""Digits of a number with its area code; shorter ones are valid in the tables, but rarely meant."""

_ONE_ONLY = _("Please name one number or one address only: the one at which I reach you best.")

_UNCLEAR: Phrase = _(
    "I cannot read that as a telephone number or an e-mail address. "
    "Examples: 02305 106-2101 or anna@example.org. Or say “here” and I will write to you here."
)


_MOBILE = re.compile(r"(1[567]\d)(\d+)")
"""German mobile numbers: people know their prefixes by four digits, 0151 (the tables by five)."""


def _email(text: str) -> Contact | Refusal:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 (slow to load)

    addresses = [word for word in text.split() if "@" in word]
    others = "".join(word for word in text.split() if "@" not in word)
    if len(addresses) > 1 or any(map(str.isdigit, others)):
        return Refusal(_ONE_ONLY)
    try:
        checked = validate_email(addresses[0], check_deliverability=False)
    except EmailNotValidError:
        return Refusal(_UNCLEAR)
    return Contact(ContactKind.EMAIL, checked.normalized)


def _phone(text: str) -> Contact | Refusal:
    import phonenumbers  # noqa: PLC0415 (its tables are slow to load, and rarely needed)

    numbers = numbers_in(text)
    if numbers is None or not numbers:
        return Refusal(_UNCLEAR)
    if len(numbers) > 1:
        return Refusal(_ONE_ONLY)
    try:
        number = phonenumbers.parse(_with_country(numbers[0]), REGION)
    except phonenumbers.NumberParseException:
        return Refusal(_UNCLEAR)
    too_short = len(str(number.national_number)) < _SHORTEST
    if too_short or not phonenumbers.is_valid_number(number):
        return Refusal(
            _("That number does not seem to exist. Please check it, with its area code.")
        )
    style = phonenumbers.PhoneNumberFormat.E164
    return Contact(ContactKind.PHONE, phonenumbers.format_number(number, style))


def _with_country(digits: str) -> str:
    """Read "49 2305 ..." as what it is: a country code, whose plus was left out."""
    import phonenumbers  # noqa: PLC0415 (its tables are slow to load, and rarely needed)

    plain = "".join(filter(str.isdigit, digits))
    code = str(phonenumbers.country_code_for_region(REGION))
    if digits.startswith("+") or not plain.startswith(code):
        return digits
    try:
        number = phonenumbers.parse(f"+{plain}", None)
    except phonenumbers.NumberParseException:
        return digits
    return f"+{plain}" if phonenumbers.is_valid_number(number) else digits
