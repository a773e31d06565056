"""The words with which people say who comes along, in German and in English."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NUMERALS = {
    numeral: number
    for number, numerals in enumerate(
        (
            "null zero",
            "ein eine einen einer eins one",
            "zwei two zweit beide beiden both",
            "drei three dritt",
            "vier four viert",
            "fünf fuenf five fünft",
            "sechs six sechst",
            "sieben seven siebt siebent",
            "acht eight",
            "neun nine neunt",
            "zehn ten zehnt",
            "elf eleven elft",
            "zwölf zwoelf twelve zwölft",
            "dreizehn thirteen",
            "vierzehn fourteen",
            "fünfzehn fifteen",
            "sechzehn sixteen",
            "siebzehn seventeen",
            "achtzehn eighteen",
            "neunzehn nineteen",
            "zwanzig twenty",
        )
    )
    for numeral in numerals.split()
} | {"dutzend": 12, "dozen": 12, "dreißig": 30, "thirty": 30}

SELF = _set("ich mich selbst selber me i myself")

ONE = _set(
    # German
    "mann ehemann gatte gatten frau ehefrau gattin partner partnerin lebensgefährte "
    "lebensgefährten lebensgefährtin verlobter verlobte verlobten freund freundin kind sohn "
    "tochter baby oma opa großmutter großvater mutter vater mama mami papa papi bruder schwester "
    "onkel tante neffe neffen nichte cousin cousine schwager schwägerin schwiegermutter "
    "schwiegervater schwiegersohn schwiegertochter enkel enkelin enkelkind nachbar nachbarn "
    "nachbarin kollege kollegen kollegin chef chefin bekannter bekannte bekannten mitbewohner "
    "mitbewohnerin begleitung begleitperson begleiter begleiterin assistenz assistent "
    "assistenten "
    "assistentin betreuer betreuerin dolmetscher dolmetscherin helfer helferin pfleger pflegerin "
    "gast person erwachsener erwachsene erwachsenen jugendlicher mitglied jemand "
    # English
    "husband wife spouse partner fiance fiancé fiancee fiancée boyfriend girlfriend friend child "
    "kid son daughter grandma grandmother granny nana grandpa grandfather granddad mother mum "
    "mom "
    "father dad daddy brother sister uncle aunt nephew niece grandson granddaughter grandchild "
    "neighbour neighbor colleague boss flatmate roommate companion assistant carer interpreter "
    "guest person adult teenager member someone somebody"
)
"""Words for one person who has a name; "-in-law" and the like need none of their own."""

TWO = _set("eltern großeltern schwiegereltern parents grandparents")

UNTOLD = _set(
    "begleitung begleitperson begleiter begleiterin gast person erwachsener erwachsene "
    "erwachsenen jemand mitglied companion guest adult someone somebody member"
)
"""Words for one person that say nothing about them."""

ORGANISATIONS = _set(
    "firma unternehmen betrieb arbeitgeber verein verband organisation partei schule kirche "
    "gemeinde stiftung initiative gruppe club chor mannschaft team company business employer "
    "association organization party school church foundation charity group choir society"
)
"""Words for organisations that say nothing about which one it is."""

FAMILY = _set("familie fam family eheleute ehepaar")

COURTESIES = _set(
    "danke dankeschön dank vielen bitte gerne gern hallo hi hello hey moin guten tag morgen abend "
    "super prima klasse toll gut alles klar okay ok thanks thank you please great good fine cool"
)
"""Words that are kind, and nobody's name when nothing else is said."""

TITLES = _set("frau partner")
"""Words that without "my" stand before a surname: "Frau Meyer"."""

ARTICLES = _set("ein eine einen einem einer a an")

SEVERAL = _set(
    "paar einige mehrere viele few some several many couple kinder kindern freunde freunden "
    "freundinnen söhne töchter geschwister brüder schwestern enkel nachbarn kollegen "
    "kolleginnen bekannte gäste gästen personen leute leuten menschen erwachsene jugendliche "
    "mitglieder mitgliedern begleitpersonen begleiter begleitungen familie gruppe verein "
    "klasse mannschaft team club chor andere weitere friends children "
    "kids sons daughters siblings brothers sisters neighbours neighbors colleagues guests "
    "people persons adults teenagers members companions family group class party choir others"
)
"""Words for people of whom one does not know how many they are."""

GROUPS = _set(
    "gruppe verein klasse mannschaft team club chor familie family group class party choir runde"
)

BEFORE = _set(
    # German
    "mein meine meinen meinem meiner unser unsere unseren unserem ein eine einen einem einer der "
    "die das den dem noch auch beste bester besten gute guter guten alte alter alten kleine "
    "kleiner kleinen große großer ältere älterer jüngere jüngerer weitere weiterer weiteren "
    "seine seinen ihre ihren sein ihr deren andere anderer zusätzliche liebe lieber neue "
    "neuer ganze ganzen nur bloß gerade "
    # English
    "my our his her their a an the another other best good old little young younger older "
    "elderly dear new "
    "additional extra whole entire only just"
)
"""What stands before such a word."""

AROUND_A_NUMBER = _set(
    # German
    "wir zu noch insgesamt sind uns kommen kommt mit mir von aus dazu plus circa ca "
    "etwa "
    "ungefähr es bringe dabei mich inklusive einschließlich zusammen also ja und weitere alle "
    "personen "
    # English
    "we are re us of in total altogether including with i am im bring bringing come coming "
    "together there will be more about around all just"
)
"""What may stand around a number of people without making it anything else."""

WITH_THE_SPEAKER = _set(
    "wir uns insgesamt zu zusammen zweit dritt viert fünft sechst siebt beide inklusive "
    "einschließlich gruppe verein klasse mannschaft team club chor familie we us "
    "total altogether including together group class choir family party"
)
"""Words by which a number counts whoever speaks as well: "wir sind zu viert"."""

BELONGING = _set(
    "von vom aus aus' meines meiner meinem meinen unseres unserer of from in im der des und"
)
"""What leads on from such a word to something that is no name: "a friend of my son"."""

NAMED = _set("namens heißt heisst named called")

PARTICLES = _set(
    "von vom van de der den dem zu zur zum del della di da la le el al bin ibn ten ter und"
)

COME = _set("komme kommen kommt bringe bringen nehme")

AND = r"\b(?:und|and|sowie|plus)\b"

_I = r"(?:ich|wir|i|we)"
FRAME_BEFORE = re.compile(
    rf"^(?:{_I}\s+(?:komme|kommen|come|am\s+coming|are\s+coming)\s+(?:mit|with)\s+|"
    rf"{_I}\s+(?:bringe|bringen|nehme|nehmen|bring|take|am\s+bringing|will\s+bring)\s+|"
    r"i[’']m\s+(?:bringing|coming\s+with)\s+|es\s+(?:kommt|kommen)\s+|(?:noch|auch|dazu|außerdem)\s+"
    r"(?=\S)|(?:mit|with|und|and|also)\s+|das\s+(?:ist|sind|wäre|wären)\s+|"
    r"(?:it|that|this)\s+is\s+|(?:er|sie|es)\s+hei(?:ß|ss)t\s+|sie\s+hei(?:ß|ss)en\s+|"
    r"(?:sein|ihr|der|deren|ihre)\s+namen?\s+(?:ist|lautet|sind)\s+|"
    r"(?:his|her|their|the)\s+names?\s+(?:is|are)\s+|name:?\s+(?=\S)|namens\s+)",
    re.IGNORECASE,
)
FRAME_BEHIND = re.compile(
    r"\s+(?:(?:kommt|kommen|komm)(?:\s+(?:noch|auch))?(?:\s+mit)?(?:\s+(?:mir|uns))?|mit|dabei|"
    r"(?:is|are)\s+coming(?:\s+(?:too|along|with\s+me|with\s+us))?|"
    r"comes?(?:\s+(?:too|along|with\s+me))?|auch|too|bitte|please|danke|thanks)$",
    re.IGNORECASE,
)
