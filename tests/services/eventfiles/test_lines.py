"""Where something stands in a TOML file."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.eventfiles.lines import Lines, Path

SAMPLE = (
    r'''# a comment with [a table] and key = "value"
plain = 1
dotted . "d@x" . 'l.l' = "text"
long = """first
not = "a key"
[not.a.table]
a \""" inside and two more at the end"""""
after_long = 1
literal = '''.rstrip("\n")
    + r"""'''
still = 'text'
\'''''
list = [ 1, # ] a comment
  "]",
  { inner = 1, deep.er = [
    2 ] },
]
date = 2020-08-20 18:00:00 # a bare value with a space

[table]
key = 1
[table.below]
key = 2
[[event]]
slug = "first"
title.de = "one"
title."de@leicht" = "two"
[event.venue]
name = "[[event]]"
[[event.place]]
slug = "a"
[[event.place]]
slug = "b"
[[event.place.consent]]
slug = "c"
[[ event ]]
"slug" = "second"
[[event.place]]
slug = "d\"]"
"""
)

EXPECTED: dict[Path, int] = {
    ("plain",): 2,
    ("dotted",): 3,
    ("dotted", "d@x", "l.l"): 3,
    ("long",): 4,
    ("after_long",): 8,
    ("literal",): 9,
    ("list",): 12,
    ("list", 0): 12,
    ("list", 1): 13,
    ("list", 2): 14,
    ("list", 2, "inner"): 14,
    ("list", 2, "deep", "er"): 14,
    ("list", 2, "deep", "er", 0): 15,
    ("date",): 17,
    ("table",): 19,
    ("table", "key"): 20,
    ("table", "below"): 21,
    ("table", "below", "key"): 22,
    ("event",): 23,
    ("event", 0): 23,
    ("event", 0, "slug"): 24,
    ("event", 0, "title", "de"): 25,
    ("event", 0, "title", "de@leicht"): 26,
    ("event", 0, "venue"): 27,
    ("event", 0, "venue", "name"): 28,
    ("event", 0, "place", 0): 29,
    ("event", 0, "place", 0, "slug"): 30,
    ("event", 0, "place", 1): 31,
    ("event", 0, "place", 1, "slug"): 32,
    ("event", 0, "place", 1, "consent", 0, "slug"): 34,
    ("event", 1): 35,
    ("event", 1, "slug"): 36,
    ("event", 1, "place", 0, "slug"): 38,
}


def test_the_sample_is_what_tomllib_can_read() -> None:
    assert tomllib.loads(SAMPLE)["event"][0]["place"][1]["consent"] == [{"slug": "c"}]


@pytest.mark.parametrize(("path", "line"), EXPECTED.items(), ids=str)
def test_each_key_is_found_on_its_line(path: Path, line: int) -> None:
    assert Lines(SAMPLE).line(path) == line


def test_what_is_missing_is_where_its_table_is() -> None:
    lines = Lines(SAMPLE)

    assert lines.line(("event", 0, "place", 1, "kind")) == 31
    assert lines.line(("event", 1, "title", "de")) == 35
    assert lines.line(("nothing",)) == 1


def test_line_breaks_of_windows_count_once() -> None:
    assert Lines("a = 1\r\n\r\nb = [1,\r\n2]\r\n").line(("b", 1)) == 4


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)
KEYS = st.one_of(st.sampled_from(["a", "b-2", "c_3"]), TEXTS)
SCALARS = st.one_of(
    st.sampled_from(["1", "true", "2020-08-20T18:00:00", "1.5"]),
    TEXTS.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    TEXTS.map(lambda text: "'" + text.replace("'", "") + "'"),
    TEXTS.map(lambda text: "'''\n" + text.replace("'", "") + "\n[x]\n'''"),
    TEXTS.map(lambda text: '"""\n# ' + text.replace("\\", "").replace('"', "") + '\\"\na = 1"""'),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


def quoted(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value: object) -> str:
    """Write a value as TOML within a line, lists with a line for each item."""
    match value:
        case list():
            return "[ # ]\n" + ",\n".join(map(written, value)) + "\n]"
        case dict():
            pairs = (f"{quoted(key)} = {written(inner)}" for key, inner in value.items())
            return "{" + ", ".join(pairs) + "}"
        case _:
            return str(value)


def leaves(value: object, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))


@pytest.mark.slow
@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4))
def test_whatever_tomllib_reads_has_a_line_for_each_of_its_values(tree: dict[str, object]) -> None:
    text, expected = "", {}
    for key, value in tree.items():
        expected[key] = text.count("\n") + 1
        text += f"{quoted(key)} = {written(value)}\n"

    lines = Lines(text)

    assert {key: lines.line((key,)) for key in tree} == expected
    assert set(lines._lines) == {path for path in leaves(tomllib.loads(text)) if path}  # noqa: SLF001
