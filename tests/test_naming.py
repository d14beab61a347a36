"""Invented names: true, clean, never twice, and read rightly by a program nobody here wrote."""

import hashlib
import re

import pytest
from guessit import guessit
from hypothesis import given
from hypothesis import strategies as st

from packager.disguise import naming
from packager.disguise.naming import belarusian, eastern, english, russian, spanish, ukrainian
from packager.disguise.naming.draw import Draw
from packager.disguise.naming.lexicon import Lexicon
from packager.errors import InputRefused
from packager.media import AudioFacts
from packager.values import Language, RelativePath, name_problem

pytestmark = pytest.mark.slow

OWN_SCRIPT = (Language.EN, Language.RU, Language.UK, Language.BE, Language.ES)
LEXICONS = (
    english.LEXICON,
    russian.LEXICON,
    ukrainian.LEXICON,
    belarusian.LEXICON,
    spanish.LEXICON,
    eastern.PERSIAN,
    eastern.ARABIC,
    eastern.CHINESE,
    eastern.BURMESE,
)
FRAME = (1280, 720)


def variant(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(4, "big")).digest()


def release(language: Language, number: int) -> tuple[str, str, int]:
    seed = variant(number)
    title, year = naming.title(language, seed).filed, naming.year(seed)
    return naming.release_name(title, year, FRAME, "AAC2.0", seed), title, year


@pytest.mark.tool
@pytest.mark.parametrize("language", OWN_SCRIPT)
def test_guessit_reads_what_the_plan_says(language: Language) -> None:
    for number in range(40):
        name, title, year = release(language, number)
        found = guessit(f"{name}.mp4")
        assert found["type"] == "movie", name
        assert found["title"].casefold() == title.replace("-", " ").casefold(), name
        assert found["year"] == year
        assert found["screen_size"] == "720p"
        assert found["container"] == "mp4"
        assert found["video_codec"] == "H.264"
        assert (found["audio_codec"], found["audio_channels"]) == ("AAC", "2.0")
        assert found["release_group"] == naming.group(variant(number))


@pytest.mark.parametrize("language", Language)
def test_names_are_safe_whole_and_never_twice(language: Language) -> None:
    names = [release(language, number) for number in range(3000)]
    for name, title, _ in names:
        RelativePath(f"{name}.mp4.minisig")
        assert name.startswith(naming.safe_title(title, 1000) + "."), "a title was cut"
    assert len({name for name, _, _ in names}) == len(names)
    groups = {name.rpartition("-")[2] for name, _, _ in names}
    assert len(groups) > 0.9 * len(names), "a group that comes again marks our releases"


@pytest.mark.parametrize("language", Language)
def test_titles_seldom_come_twice(language: Language) -> None:
    shown = [naming.title(language, variant(number)).shown for number in range(1000)]
    assert len(set(shown)) > 900


def test_same_variant_same_names_and_every_byte_counts() -> None:
    one = variant(1)
    assert release(Language.RU, 1) == release(Language.RU, 1)
    flipped = bytes([one[0] ^ 1]) + one[1:]
    assert naming.title(Language.EN, flipped) != naming.title(Language.EN, one)
    assert naming.seed(one, "poster") not in {one, naming.seed(one, "other")}


@pytest.mark.parametrize("lexicon", LEXICONS)
def test_every_word_list_is_clean(lexicon: Lexicon) -> None:
    slots = set()
    for pattern in (*lexicon.titles, lexicon.person):
        slots |= set(re.findall(r"\{(\w+)\}", pattern))
    assert slots <= lexicon.words.keys()
    for slot, words in lexicon.words.items():
        assert words, slot
        for word in words:
            assert word == word.strip()
            assert name_problem(word) is None, word
    for slot in slots - {"noun", "many", "gen"}:
        assert len(set(lexicon.words[slot])) == len(lexicon.words[slot]), slot


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ((1280, 720), "720p"),
        ((1280, 536), "720p"),
        ((854, 480), "480p"),
        ((1920, 1080), "1080p"),
        ((1920, 800), "1080p"),
        ((1080, 1920), "1080p"),
        ((640, 360), "360p"),
        ((3840, 2160), "2160p"),
        ((9999, 9999), "4320p"),
    ],
)
def test_the_size_class_is_the_usual_one(frame: tuple[int, int], expected: str) -> None:
    assert naming.size_class(frame) == expected


def test_sound_is_named_truly_or_not_at_all() -> None:
    assert naming.audio_token(AudioFacts("aac", 48000, 6, "5.1")) == "AAC5.1"
    assert naming.audio_token(AudioFacts("ac3", 48000, 2, "stereo")) == "DD2.0"
    assert naming.audio_token(AudioFacts("pcm_s16le", 48000, 2, "stereo")) == ""
    assert naming.audio_token(None) == ""
    silent = naming.release_name("Quiet", 2020, FRAME, "", variant(1))
    assert silent.startswith("Quiet.2020.720p.WEB-DL.H.264-")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Тихий берег, часть 2!", "Тихий.берег.часть.2"),
        ("Don't   look: up?", "Dont.look.up"),
        ("فیلم می‌شود", "فیلم.می\u200cشود"),
        ("../etc/passwd", "etc.passwd"),
        ("a\u202eb\x00c", "a.b.c"),
        ("နေရာ", "နေရာ"),
    ],
)
def test_a_given_title_keeps_its_letters(title: str, expected: str) -> None:
    assert naming.safe_title(title) == expected


@pytest.mark.parametrize("title", ["", "  ", "!!!", "\u202e", "…"])
def test_a_title_without_letters_is_refused(title: str) -> None:
    with pytest.raises(InputRefused, match="no letter"):
        naming.safe_title(title)


def test_a_windows_device_is_refused() -> None:
    with pytest.raises(InputRefused, match="device"):
        naming.release_name("Con", 2020, FRAME, "AAC2.0", variant(1))


@given(st.text(max_size=300), st.binary(min_size=32, max_size=32))
def test_any_title_makes_a_safe_name_or_is_refused(title: str, seed: bytes) -> None:
    try:
        name = naming.release_name(title, 2020, FRAME, "AAC2.0", seed)
    except InputRefused:
        return
    RelativePath(f"{name}.mp4.minisig")


@given(st.integers(1, 1000), st.binary(min_size=32, max_size=32))
def test_draws_stay_in_bounds(bound: int, seed: bytes) -> None:
    draw = Draw(seed, "test")
    assert all(0 <= draw.below(bound) < bound for _ in range(20))
