"""What people type is stored as it is seen: nothing is hidden in it, and nothing covers others."""

from __future__ import annotations

import pytest

from bot.dialogue.writing import clean, has_letter


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Kim\u200bMeyer", "Kim Meyer"),
        ("Kim\u2060Mey\u00ader", "KimMeyer"),
        ("Kim\u2800\u3164Meyer", "Kim Meyer"),
        ("K\u200di\u200c\u200dm", "Kim"),
        ("Kim\u202eneyeM\U000e0041", "KimneyeM"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧 da", "👩\u200d👧 da"),
        ("Kim\u0001\ud800", "Kim"),
        ("Nguyễn Thị Hằng", "Nguyễn Thị Hằng"),
    ],
)
def test_only_what_is_seen_is_kept(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "blank", ["\u3164", "\u2800", "\u115f\u1160", "\uffa0", "\u200d", "\u0301"]
)
def test_a_text_of_blanks_has_nothing_to_read(blank: str) -> None:
    assert not has_letter(clean(blank * 5))


def test_accents_on_each_other_do_not_cover_what_stands_around() -> None:
    assert len(clean("K" + "\u0489\u030d\u0311" * 50 + "im")) <= len("Kim") + 3
