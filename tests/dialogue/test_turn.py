"""What a person may do at any point of any conversation (docs/architecture.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dialogue.messages import (
    Edited,
    Picture,
    SharedContact,
    Tapped,
    Unreadable,
    Unsupported,
)
from bot.domain.people import Role
from tests.dialogue.village import Customer, Order, Village, at_the_summary

BUTTER = Order("rye", "Anna", None, ("butter",))


def test_a_conversation_ends_in_its_command() -> None:
    anna = at_the_summary(Customer())

    assert anna.says("yes") == "Ordered: rye"
    assert anna.orders == [BUTTER]
    assert anna.state.frames == []


def test_buttons_and_words_lead_to_the_same_end() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.taps("Rye")
    anna.says("Anna")
    anna.taps("No")
    anna.says("butter")
    anna.taps("Skip")
    anna.taps("Yes, order")

    assert anna.orders == [BUTTER]


@pytest.mark.parametrize("word", ["/cancel", "cancel", "Abbrechen", "!abbrechen", "CANCEL."])
def test_one_can_cancel_in_any_language(word: str) -> None:
    anna = at_the_summary(Customer())

    assert "Stopped: the bakery" in anna.says(word)
    assert anna.state.frames == []
    assert anna.orders == []


@pytest.mark.parametrize("word", ["/back", "back", "zurück", "!zurueck"])
def test_back_asks_the_question_before_again(word: str) -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")

    assert "Which bread?" in anna.says(word)
    anna.says("wheat")
    assert anna.state.frames[0].answers["bread"] == "wheat"


def test_back_at_the_beginning_says_so_and_asks_again() -> None:
    anna = Customer()
    anna.says("/bakery")

    assert "This is the beginning" in anna.says("/back")
    assert anna.state.frames[0].pending == "bread"


def test_back_goes_through_every_answer_to_the_first() -> None:
    anna = at_the_summary(Customer())
    prompts = [anna.says("back") for _ in range(5)]

    assert [prompt.split("\n")[0] for prompt in prompts] == [
        "Anything else?",
        "Anything else?",
        "Sliced?",
        "Your name?",
        "Which bread?",
    ]


def test_help_answers_and_returns_to_the_question() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")

    answer = anna.says("help")
    assert "Help!" in answer
    assert answer.endswith("Your name?")


def test_a_change_of_language_in_the_middle_asks_again_in_the_new_one() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")
    anna.says("/language")
    answer = anna.says("Deutsch")

    assert anna.language == "de"
    assert answer.endswith("Your name?")
    anna.says("Anna")
    assert anna.state.frames[0].answers["name"] == "Anna"


def test_the_language_can_be_given_behind_the_command() -> None:
    anna = Customer()
    anna.says("/language Deutsch")

    assert anna.language == "de"


def test_something_else_can_be_started_and_the_first_is_taken_up_again() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")
    assert "Where to?" in anna.says("/signpost")
    answer = anna.taps("Well")

    assert "Water." in answer
    assert "Back to: the bakery" in answer
    anna.says("Anna")
    assert anna.state.frames[0].answers == {"bread": "rye", "name": "Anna"}


def test_one_answer_can_be_corrected_in_the_summary() -> None:
    anna = at_the_summary(Customer())
    assert anna.taps("Name") == "Your name?"
    assert "Right?" in anna.says("Berta")
    anna.says("yes")

    assert anna.orders == [Order("rye", "Berta", None, ("butter",))]


@pytest.mark.parametrize("words", ["2", "change 2", "ändern 2", "Name", "change name"])
def test_a_line_of_the_summary_is_chosen_by_its_number_or_its_label(words: str) -> None:
    assert at_the_summary(Customer()).says(words) == "Your name?"


def test_back_during_a_correction_keeps_the_old_answer() -> None:
    anna = at_the_summary(Customer())
    anna.taps("Name")
    assert "Right?" in anna.says("/back")
    anna.says("yes")

    assert anna.orders == [BUTTER]


def test_a_correction_that_opens_a_branch_asks_what_belongs_to_it() -> None:
    anna = at_the_summary(Customer())
    anna.taps("Sliced")
    assert anna.says("yes") == "How many?"
    assert "Right?" in anna.says("12")
    anna.says("yes")

    assert anna.orders == [Order("rye", "Anna", 12, ("butter",))]


def test_answers_of_a_branch_that_was_left_do_not_count() -> None:
    anna = at_the_summary(Customer())
    anna.taps("Sliced")
    anna.says("yes")
    anna.says("12")
    anna.taps("Sliced")
    anna.says("no")
    anna.says("yes")

    assert anna.orders == [BUTTER]
    assert anna.state.frames == []


def test_whoever_confirms_three_times_orders_once_and_hears_nothing_more() -> None:
    anna = at_the_summary(Customer())
    summary = anna.replies
    anna.taps("Yes, order")
    answers = [anna.taps("Yes, order", summary), anna.taps("Yes, order", summary), anna.says("yes")]

    assert anna.orders == [BUTTER]
    assert answers == ["", "", ""]


def test_a_button_of_something_else_is_still_explained() -> None:
    anna = at_the_summary(Customer())
    summary = anna.replies
    anna.says("/cancel")

    assert "earlier conversation" in anna.taps("Yes, order", summary)


def test_a_note_is_said_once_and_not_at_each_replay() -> None:
    anna = Customer()
    anna.says("/bakery")
    assert "Our hands are clean." in anna.says("rye")
    assert "Our hands" not in anna.says(" ")
    assert "Our hands" not in anna.says("Anna")


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "document", "location", "picture"])
def test_what_cannot_be_read_is_answered_and_nothing_is_lost(kind: Unreadable) -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")

    answer = anna.sends(Unsupported(kind))
    assert "I can only read text here" in answer
    assert answer.endswith("Your name?")
    assert anna.state.frames[0].answers == {"bread": "rye"}


@pytest.mark.parametrize(
    "content",
    [Unsupported("voice"), Picture("1", "image/png", b"png"), SharedContact("+492305", own=True)],
)
def test_what_nobody_asked_for_is_answered_too(content: Unsupported) -> None:
    assert Customer().sends(content)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\u200b\u200b", "\u202e", "😀", "😀 👍🏽", "???"]
)
def test_a_text_without_words_is_refused_kindly(text: str) -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")

    assert "I cannot find any words in that" in anna.says(text)
    assert "name" not in anna.state.frames[0].answers


def test_a_text_that_is_too_long_is_refused_with_both_lengths() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")

    assert "4,096 characters long; 20 fit" in anna.says("a" * 4096)


@pytest.mark.parametrize("number", ["0", "31", "99999999999999999999", "-1", "1.5", "many"])
def test_a_number_out_of_range_is_refused_with_the_range(number: str) -> None:
    anna = Customer()
    for text in ("/bakery", "rye", "Anna", "yes"):
        anna.says(text)

    assert "from 1 to 30" in anna.says(number)


@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999"])
def test_a_number_that_is_not_in_the_list_is_refused(number: str) -> None:
    anna = Customer()
    anna.says("/bakery")

    assert "Please choose one of the answers" in anna.says(number)


def test_two_messages_in_a_burst_answer_two_questions() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")
    anna.says("Anna")

    assert anna.state.frames[0].answers == {"bread": "rye", "name": "Anna"}
    assert anna.state.frames[0].pending == "sliced"


def test_an_edit_is_answered_and_changes_nothing() -> None:
    anna = Customer()
    anna.says("/bakery")
    before = anna.state.dump()

    assert "first version" in anna.sends(Edited())
    assert anna.state.dump() == before


def test_a_second_tap_on_the_same_button_changes_nothing() -> None:
    anna = Customer()
    anna.says("/bakery")
    rye = anna.button("Rye")
    anna.sends(Tapped(rye))

    assert "noted that already: Rye" in anna.sends(Tapped(rye))
    assert anna.state.frames[0].answers == {"bread": "rye"}


def test_an_old_button_whose_answer_still_counts_offers_to_change_it() -> None:
    anna = Customer()
    anna.says("/bakery")
    old = list(anna.replies)
    anna.says("rye")
    anna.says("Anna")

    answer = anna.taps("Wheat", old)
    assert "change an earlier answer" in answer
    assert answer.endswith("Which bread?")
    assert anna.says("/back") == "Sliced?"
    assert anna.state.frames[0].answers["bread"] == "rye"


def test_a_button_of_a_conversation_that_has_ended_leads_on() -> None:
    anna = Customer()
    anna.says("/bakery")
    old = list(anna.replies)
    anna.says("/cancel")

    assert "earlier conversation" in anna.taps("Rye", old)
    assert anna.state.frames == []


@pytest.mark.parametrize(
    "forged",
    [
        "",
        ":",
        "::",
        "run1",
        "run1:bread",
        "run1:bread:brass",
        "x:y:z",
        "run1:sure:yes",
        "run1:name:~bread",
        "ru\x00n",
    ],
)
def test_a_forged_button_does_nothing(forged: str) -> None:
    anna = Customer()
    anna.says("/bakery")

    assert anna.sends(Tapped(forged))
    assert anna.state.frames[0].answers == {}


def test_a_button_of_another_person_does_nothing() -> None:
    anna, bert = Customer(), Customer()
    bert.says("/signpost")
    bert.says("/bakery")
    anna.says("/bakery")

    assert "earlier conversation" in anna.sends(Tapped(bert.button("Rye")))
    assert anna.state.frames[0].answers == {}


def test_a_tap_on_a_paused_conversation_takes_it_up() -> None:
    anna = Customer()
    anna.says("/bakery")
    old = list(anna.replies)
    anna.says("/signpost")

    assert "Your name?" in anna.taps("Rye", old)


def test_after_a_week_words_are_not_taken_for_an_answer() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")

    answer = anna.says("Good morning", away=timedelta(days=7))
    assert "Good to see you again" in answer
    assert answer.endswith("Your name?")
    anna.says("Anna")
    assert anna.state.frames[0].answers["name"] == "Anna"


def test_an_answer_that_no_longer_holds_is_asked_again_with_the_reason() -> None:
    anna = at_the_summary(Customer())
    anna.village.breads.remove("rye")

    answer = anna.says("yes")
    assert "no longer there" in answer
    assert "Which bread?" in answer
    assert anna.orders == []
    assert "Right?" in anna.says("wheat")
    anna.says("yes")
    assert anna.orders == [Order("wheat", "Anna", None, ("butter",))]


def test_a_number_means_the_list_that_was_shown() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.village.breads.insert(0, "corn")
    anna.says("1")

    assert anna.state.frames[0].answers == {"bread": "rye"}


def test_what_is_behind_a_command_answers_its_question() -> None:
    anna = Customer()

    assert "Your name?" in anna.says("/bakery wheat")
    assert "Your name?" in Customer().says("/start bread-spelt")
    assert "Please choose one of the answers" in Customer().says("/bakery brass")


def test_an_unknown_command_is_answered_and_the_question_stays() -> None:
    anna = Customer()
    anna.says("/bakery")

    answer = anna.says("/fly")
    assert "do not know that command" in answer
    assert answer.endswith("Which bread?")


def test_staff_commands_do_not_exist_for_others() -> None:
    nobody, staff = Customer(), Customer(Village(role=Role.ADMIN))

    assert nobody.says("/ledger") == nobody.says("/fly")
    assert staff.says("/ledger") == "Sums."


def test_words_at_a_menu_lead_to_where_words_belong() -> None:
    anna = Customer()
    anna.says("/signpost")

    assert anna.says("I have an idea for the well") == "Lost: I have an idea for the well"
    assert anna.state.frames == []


def test_a_conversation_of_an_earlier_release_does_not_trap_anybody() -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.state.frames[0].flow = "blacksmith"

    assert anna.says("rye") == "Lost: rye"
    assert anna.state.frames == []


def test_starting_the_same_again_goes_on_with_what_was_begun() -> None:
    anna = at_the_summary(Customer())
    answer = anna.says("/bakery")
    assert "You have begun this already" in answer
    assert answer.endswith("Right?")

    anna.says("/cancel")
    assert anna.says("/bakery") == "Which bread?"


def test_starting_it_for_something_else_begins_anew() -> None:
    anna = at_the_summary(Customer())
    assert "Your name?" in anna.says("/bakery wheat")

    assert anna.state.frames[0].answers == {"bread": "wheat"}


def test_a_slip_at_a_menu_leaves_its_numbers_as_they_are() -> None:
    anna = Customer()
    anna.says("/signpost")
    assert "Where to?" in anna.says("bakerry please")

    assert anna.says("2") == "Water."


@pytest.mark.parametrize(
    ("sentence", "sliced"),
    [
        ("yes, I do", True),
        ("no thank you", False),
        ("nein, das möchte ich nicht", False),
        ("ja gerne", True),
    ],
)
def test_a_sentence_is_understood_by_its_first_word(sentence: str, *, sliced: bool) -> None:
    anna = Customer()
    for text in ("/bakery", "rye", "Anna", sentence):
        anna.says(text)

    assert anna.state.frames[0].answers["sliced"] == ("yes" if sliced else "no")


@pytest.mark.parametrize(
    "sentence",
    ["yes, but not now", "ja, aber nur wenn es geht", "yesterday", "ok what does that mean"],
)
def test_a_yes_in_doubt_is_none(sentence: str) -> None:
    anna = Customer()
    for text in ("/bakery", "rye", "Anna", sentence):
        anna.says(text)

    assert "sliced" not in anna.state.frames[0].answers


@pytest.mark.parametrize(
    "words",
    ["2", "2.", "2)", "Nr. 2", "Nummer 2", "Option 2", "zwei", "die zweite", "the second one"],
)
def test_a_number_is_understood_as_people_type_it(words: str) -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says(words)

    assert anna.state.frames[0].answers["bread"] == "wheat"


def test_a_number_is_not_asked_for_where_none_is_shown() -> None:
    anna = Customer(channel="telegram")
    anna.says("/bakery")

    assert anna.says("brass").startswith("Please choose one of the answers.\n")
    anna.says("1")
    assert anna.state.frames[0].answers["bread"] == "rye"


def test_a_number_is_a_choice_where_labels_are_too_long_for_buttons() -> None:
    anna = Customer(Village(breads=["rye", "w" * 41]), channel="telegram")
    anna.says("/bakery")
    anna.says("1")

    assert anna.state.frames[0].answers["bread"] == "rye"


@pytest.mark.parametrize("word", ["weiter", "OK", "ja"])
def test_a_word_that_steers_is_asked_about_and_believed_if_it_is_said_again(word: str) -> None:
    anna = Customer()
    anna.says("/bakery")
    anna.says("rye")

    assert "Is that your answer?" in anna.says(word)
    assert "name" not in anna.state.frames[0].answers
    anna.says(word)
    assert anna.state.frames[0].answers["name"] == word


@pytest.mark.parametrize(
    "text",
    ["!!! Anna", "/ Anna", "! Anna", "//Anna", "/1 x", "!Anna of our bakery", "/or Anna so"],
)
def test_what_only_begins_like_a_command_is_an_answer(text: str) -> None:
    anna = Customer()
    for step in ("/bakery", "rye", text):
        anna.says(step)

    assert anna.state.frames[0].answers["name"] == text


@pytest.mark.parametrize("text", ["/bakery\nrye", "!bakery  rye", "/BAKERY@bot\n\nrye"])
def test_a_command_may_stand_on_a_line_of_its_own(text: str) -> None:
    anna = Customer()

    assert "Your name?" in anna.says(text)


@pytest.mark.parametrize(
    "text", ["/backery", "!backery rye", "/backery\nrye", "/backery rye and more"]
)
def test_a_word_that_is_no_command_is_told_so(text: str) -> None:
    anna = Customer()
    anna.says("/bakery")

    assert "I do not know that command." in anna.says(text)
