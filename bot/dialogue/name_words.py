"""What people say around a name, or instead of one, in German and in English."""

from __future__ import annotations

import re

GREETING = re.compile(
    r"^(?:hallo|hi|hey|moin|servus|guten (?:tag|morgen|abend)|hello|good (?:day|morning|evening)|"
    r"gestatten|ja|yes)[,.!:]?\s+",
    re.IGNORECASE,
)

APOSTROPHE = "['’´`]"

LEAD = re.compile(
    r"^(?:(?:also )?ich (?:heiße|heisse|bin)|ich nenne mich|man nennt mich|nennen sie mich|"
    rf"ich bin{APOSTROPHE}?s,?|(?:mein|der|unser|my|our|the)(?: \w+)? name"
    rf"(?: ist| lautet| wäre| is|{APOSTROPHE}s|:)|name(?: ist| is|\s?:)|"
    r"(?:vor- und nachname|vollständiger name|full name)\s?:|"
    r"(?:hier|da) (?:ist|schreibt|spricht)|das (?:ist|bin ich,)|es ist|"
    rf"i am(?: called)?|i{APOSTROPHE}m(?: called)?|it is|it{APOSTROPHE}s|this is|that is|"
    rf"that{APOSTROPHE}s|here is|here{APOSTROPHE}s|(?:you can |please )?call me|they call me)\s+",
    re.IGNORECASE,
)
"""What people put before their name; the name alone is kept."""

ARTICLE = re.compile(r"^(?:bin )?(?:der|die|das|the)\s+", re.IGNORECASE)

TAIL = re.compile(
    r"[\s,]+(?:ist mein name|is my name|heiße ich|heisse ich|mein name|here|speaking|hier|bitte|"
    r"please|danke|thanks|thank you)[.!]*$",
    re.IGNORECASE,
)

AGE = re.compile(
    r"[\s,]*(?:\(|,\s*|\s)(?:alter:?\s*|age:?\s*|aged\s*)?(\d{1,2})"
    r"(?:\s*(?:jahre?(?: alt)?|j\.?|years?(?: old)?|y))?\s*\)?$",
    re.IGNORECASE,
)

SENTENCE = {"ich", "i", "wir", "mit", "mein", "meine", "we", "with", "don't", "don", "bin"}
"""Words with which sentences begin, but hardly a name; whoever is called so, says it again."""

BEFORE_NOT = {"weiß", "weiss", "weis", "will", "möchte", "sage", "kann", "my"}

NOT = {"nicht", "ich", "nichts", "noch", "es", "keine", "keinen", "name"}

NO_IDEA = {
    "keine ahnung",
    "egal",
    "no idea",
    "dunno",
    "keine angabe",
    "k a",
    "n a",
    "test",
    "vielleicht",
    "maybe",
    "perhaps",
    "mal sehen",
    "hm",
    "hmm",
}

PEOPLE = re.compile(
    r"\b(?:\d+|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|two|three|four|five|six|seven|"
    r"eight|nine|ten|mehrere|several)\s+(?:\w+\s+)?(?:personen|person|leute|leuten|menschen|"
    r"teilnehmer\w*|mitglieder\w*|plätze|kinder|people|persons|members|friends|freunde\w*|seats|kids|"
    r"children|adults|erwachsene\w*)\b|^(?:wir sind|we are)\b"
)
"""How many people somebody speaks of."""

RELATION = re.compile(
    r"^(?:und |and |noch |auch |also )?"
    r"(?:mein|meine|meinen|meiner|unser|unsere|my|our|a|ein|eine|einen)\s+"
    r"(?:\w+\s+)?(?:e?h?e?mann|e?h?e?frau|gatt\w+|partner\w*|freund\w*|kolleg\w+|söhne|sohn|töchter|"
    r"tochter|kind\w*|enkel\w*|mutter|mama|vater|papa|eltern|oma|opa|großmutter|großvater|bruder|"
    r"schwester|geschwister|nachbar\w*|chef\w*|tante|onkel|neffe|nichte|baby|begleit\w*|familie|"
    r"husband|wife|partners?|friends?|boyfriend|girlfriend|colleagues?|sons?|daughters?|kids?|child|"
    r"children|mother|mum|mom|father|dad|parents|grandmother|grandfather|grandma|grandpa|brothers?|"
    r"sisters?|neighbou?rs?|boss|aunt|uncle|nephew|niece|family|companion)\b"
)

AND = re.compile(r"\s+(?:und|and|u\.|sowie|plus|mit|with)\s+|\s*[&+;/]\s*", re.IGNORECASE)

LIKE_A_NAME = re.compile(r"[^\W\d_][\w .,'’-]*")

VON_UND_ZU = re.compile(r"\bvon und zu[mr]?\b", re.IGNORECASE)

HOUSEHOLD = re.compile(r"^(?:familie|fam\.?|eheleute|ehepaar|family)\s", re.IGNORECASE)
