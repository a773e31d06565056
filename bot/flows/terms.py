"""Consents that belong to the program itself, not to an event; the German wording is binding."""

from __future__ import annotations

from bot.domain.consents import NEEDS
from bot.domain.events import ConsentTerms, LocalText

NEEDS_TERMS = ConsentTerms(
    slug=NEEDS,
    version="1",
    title=LocalText(
        {
            "de": "Angaben zur Barrierefreiheit",
            "de@leicht": "Ihr Ja zum Aufschreiben",
            "en": "Accessibility needs",
        }
    ),
    wording=LocalText(
        {
            "de": (
                "Ich bin damit einverstanden, dass die Stadt meine Angaben zur Barrierefreiheit "
                "speichert, um die Veranstaltung für mich vorzubereiten. Die Angaben können etwas "
                "über meine Gesundheit aussagen. Nur das Anmeldeteam liest sie, und nach der "
                "Veranstaltung werden sie gelöscht. Ich kann diese Einwilligung jederzeit "
                "widerrufen."
            ),
            "de@leicht": (
                "Die Stadt darf aufschreiben, was ich brauche.\n"
                "Das kann etwas über meine Gesundheit sagen.\n"
                "Nur wenige Menschen dürfen das lesen.\n"
                "Nach dem Treffen löscht die Stadt das.\n"
                "Ich kann immer Nein sagen."
            ),
            "en": (
                "I agree that the city stores what I have said about accessibility, to prepare "
                "the event for me. It may reveal something about my health. Only the registration "
                "team reads it, and it is deleted after the event. I can withdraw this consent at "
                "any time."
            ),
        }
    ),
)
