"""Eight words and 28 digits spell the same 88 bits; slips are found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import words
from packager.errors import InputRefused

VALUES = st.binary(min_size=11, max_size=11).map(words.Words)


@given(VALUES, st.sampled_from(["english", "russian", "spanish", "chinese_simplified", "turkish"]))
def test_words_come_back(value: words.Words, name: str) -> None:
    assert value in words.readings(words.spell(value, name).upper())


@given(VALUES)
def test_digits_come_back(value: words.Words) -> None:
    assert words.parse(words.digits(value)) == value
    assert words.parse(words.digits(value).replace(" ", "")) == value


@given(VALUES, st.integers(0, 27), st.integers(1, 9))
def test_one_wrong_digit_is_found(value: words.Words, place: int, step: int) -> None:
    text = list(words.digits(value).replace(" ", ""))
    text[place] = str((int(text[place]) + step) % 10)

    with pytest.raises(InputRefused, match="digits do not fit"):
        words.parse("".join(text))


def test_a_typo_is_named_with_the_nearest_words() -> None:
    with pytest.raises(InputRefused) as caught:
        words.parse("abandon ability able about above absent absorb abstrct")

    assert "word 8, 'abstrct'" in caught.value.fact
    assert "abstract" in caught.value.hints[0]


def test_too_few_words_are_counted() -> None:
    with pytest.raises(InputRefused, match="3 words were given"):
        words.parse("abandon ability able")


def test_the_value_of_a_key_never_changes() -> None:
    value = words.of_root(bytes(range(32)))

    assert value.hex() == "35da71f3f6f48eee7a77b0"
    assert words.parse(words.spell(value, "russian")) == value


LISTS = ("english", "russian", "spanish", "chinese_simplified", "french", "japanese", "korean")


@given(VALUES, st.sampled_from(LISTS))
def test_accents_capitals_and_numbers_do_not_matter(value: words.Words, name: str) -> None:
    spelled = words.spell(value, name).split()
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", " ".join(spelled)) if not unicodedata.combining(c)
    )

    for text in (plain, plain.title(), "; ".join(f"{n}. {w}" for n, w in enumerate(spelled, 1))):
        assert value in words.readings(text)


@given(VALUES)
def test_chinese_needs_no_spaces(value: words.Words) -> None:
    assert value in words.readings(words.spell(value, "chinese_traditional").replace(" ", ""))


def test_words_that_two_lists_share_mean_both() -> None:
    both = words.readings(" ".join(["abandon"] * 8))  # English and French

    assert len(both) == 2
    with pytest.raises(InputRefused, match="two word lists"):
        words.parse(" ".join(["abandon"] * 8))


def test_words_of_two_lists_are_explained() -> None:
    with pytest.raises(InputRefused, match="most are English, word 8 is Russian") as caught:
        words.parse("abandon ability able about above absent absorb абзац")

    assert "from one list" in caught.value.hints[-1]


@given(VALUES, st.integers(0, 7), st.integers(0, 7))
def test_a_swap_of_two_words_is_among_the_other_orders(
    value: words.Words, one: int, two: int
) -> None:
    spelled = words.spell(value, "russian").split()
    spelled[one], spelled[two] = spelled[two], spelled[one]
    swapped = words.parse(" ".join(spelled))

    assert swapped == value or value in words.other_orders(swapped)
    assert value not in words.other_orders(value)
