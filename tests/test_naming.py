"""Invented names: true, clean, never twice, never cut."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.disguise import naming
from packager.disguise.naming.draw import Draw
from packager.disguise.naming.lexicon import Kind, Lexicon
from packager.disguise.naming.titles import FILED_BYTES, LEXICONS, PERSON_BYTES
from packager.errors import InputRefused
from packager.media import AudioFacts
from packager.values import Language, RelativePath, name_problem

pytestmark = pytest.mark.slow

Drawer = Callable[[Language, bytes], naming.Title]
KINDS: dict[str, tuple[Drawer, ...]] = {  # what a release of each kind is known by
    "film": (naming.title,),
    "series": (naming.series,),
    "album": (naming.album, naming.artist),
    "book": (naming.book_title, naming.author),
    "course": (naming.course,),
}
VARIANTS = 10_000
FRAME = (1280, 720)


def variant(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(4, "big")).digest()


def release(language: Language, number: int) -> tuple[str, str, int]:
    seed = variant(number)
    title, year = naming.title(language, seed).filed, naming.year(seed)
    return naming.release_name(title, year, FRAME, "AAC2.0", seed), title, year


@pytest.mark.parametrize("language", Language)
def test_names_are_safe_whole_and_never_twice(language: Language) -> None:
    names = [release(language, number) for number in range(600)]
    for name, title, _ in names:
        RelativePath(f"{name}.mp4.minisig")
        assert name.startswith(naming.safe_title(title, 1000) + "."), "a title was cut"
    assert len({name for name, _, _ in names}) == len(names)
    groups = {name.rpartition("-")[2] for name, _, _ in names}
    assert len(groups) > 0.9 * len(names), "a group that comes again marks our releases"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_variants_never_share_a_name(kind: str, language: Language) -> None:
    first, *rest = KINDS[kind]
    alike: dict[str, list[int]] = defaultdict(list)
    for number in range(VARIANTS):
        alike[first(language, variant(number)).filed.casefold()].append(number)
    for numbers in alike.values():
        whole = (
            {()}
            if len(numbers) == 1
            else {tuple(more(language, variant(one)).filed for more in rest) for one in numbers}
        )
        assert len(whole) == len(numbers)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_a_shared_name_is_as_unlikely_as_the_docs_say(kind: str, language: Language) -> None:
    """Expected pairs in 10,000 variants, from the sizes of the word lists alone."""
    kinds = {
        "film": (Kind.FILM,),
        "series": (Kind.SERIES,),
        "album": (Kind.BAND, Kind.ALBUM),
        "book": (Kind.BOOK,),
        "course": (Kind.COURSE,),
    }[kind]
    files_english = language is Language.MY and kind not in {"film", "series"}
    lexicon = LEXICONS[Language.EN if files_english else language]
    alike = 1.0
    for one in kinds:
        alike *= chance_alike(lexicon, lexicon.patterns[one])
    if kind == "book":
        alike *= chance_alike(lexicon, (lexicon.person,))
    assert alike * VARIANTS**2 / 2 < 0.15


def chance_alike(lexicon: Lexicon, patterns: tuple[str, ...]) -> float:
    """The chance that two draws are equal."""
    total = 0.0
    for pattern in patterns:
        choices = 1
        for slot in re.findall(r"\{(\w+)\}", pattern):
            choices *= len(set(lexicon.words[slot]))
        total += 1 / choices / len(patterns) ** 2
    return total


@pytest.mark.parametrize("language", Language)
def test_every_title_keeps_to_its_bytes(language: Language) -> None:
    bounds = {
        naming.title: FILED_BYTES[Kind.FILM],
        naming.series: FILED_BYTES[Kind.SERIES],
        naming.artist: FILED_BYTES[Kind.BAND],
        naming.album: FILED_BYTES[Kind.ALBUM],
        naming.book_title: FILED_BYTES[Kind.BOOK],
        naming.course: FILED_BYTES[Kind.COURSE],
        naming.author: PERSON_BYTES,
        naming.narrator: PERSON_BYTES,
    }
    for number in range(300):
        for drawer, most in bounds.items():
            found = drawer(language, variant(number))
            assert 0 < len(found.filed.encode()) <= most, found
            assert 0 < len(found.shown.encode()) <= 120, found


@pytest.mark.parametrize("language", Language)
def test_parts_of_one_release_have_different_names(language: Language) -> None:
    for drawer, count in ((naming.track, 30), (naming.episode, 24), (naming.lesson, 30)):
        found = [drawer(language, variant(7), number) for number in range(1, count + 1)]
        assert len({title.shown.casefold() for title in found}) == count
        filed = {title.filed.casefold() for title in found}
        assert len(filed) == count or filed == {""}
    assert naming.lesson(language, variant(7), 31).shown


@pytest.mark.parametrize("language", Language)
def test_every_kind_of_name_is_whole_and_has_room_for_endings(language: Language) -> None:
    for number in range(40):
        for name, whole in every_name(language, variant(number), number % 30 + 1):
            RelativePath(f"{name}.mp4.minisig")
            assert len(name.encode()) <= naming.MAX_RELEASE_BYTES, name
            assert whole in name, (name, whole)


def every_name(language: Language, seed: bytes, number: int) -> list[tuple[str, str]]:
    """Every name of a release with what must stand in it uncut."""
    made, album, book = naming.year(seed), naming.album, naming.book_title
    show, part = naming.series(language, seed).filed, naming.episode(language, seed, number).filed
    artist, author = naming.artist(language, seed).filed, naming.author(language, seed).filed
    song, talk = naming.track(language, seed, number), naming.lesson(language, seed, number)
    course = naming.course(language, seed).filed
    record, novel = album(language, seed).filed, book(language, seed).filed
    dotted = naming.safe_title(part, 100) if part else ".S02E"
    return [
        (naming.season_name(show, 2, FRAME, "AAC2.0", seed), naming.safe_title(show, 100)),
        (naming.episode_name(show, (2, number), part, FRAME, "AAC2.0", seed), dotted),
        (naming.album_folder(artist, record, made, "MP3 320"), f" - {record} ({made}) [MP3 320]"),
        (naming.track_file(number, song.filed), song.filed),
        (naming.audiobook_folder(author, novel, made), f"{author} - {novel} ({made})"),
        (naming.book_file(author, novel), f"{author} - {novel}"),
        (naming.course_folder(course), course.replace(":", " -")),
        (naming.part_folder(1, talk.filed), f"01 - {talk.filed}"),
        (naming.lesson_file(number, talk.filed), talk.filed),
    ]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            naming.book_file("Jane: Doe", "What? A/B, \u202eagain..."),
            "Jane - Doe - What A, B, again",
        ),
        (naming.track_file(3, "-- (live) --"), "03 - (live)"),
        (naming.lesson_file(12, "L'été"), "012 L'été"),
        (naming.album_folder("A" * 60, "B" * 200, 2019, "MP3 320"), None),
    ],
)
def test_a_given_name_with_spaces_keeps_its_letters(made: str, expected: str | None) -> None:
    assert expected is None or made == expected
    assert name_problem(made) is None
    assert len(made.encode()) <= naming.MAX_RELEASE_BYTES


def test_an_episode_title_that_does_not_fit_is_left_out_whole() -> None:
    seed = variant(2)
    long = naming.episode_name("Word " * 10, (1, 2), "Letter " * 9, FRAME, "AAC2.0", seed)
    assert re.fullmatch(r"(Word\.){10}S01E02\.720p\.WEB-DL\.AAC2\.0\.H\.264-[A-Z]{6,7}", long)


def test_same_variant_same_names_and_every_byte_counts() -> None:
    one = variant(1)
    assert release(Language.RU, 1) == release(Language.RU, 1)
    flipped = bytes([one[0] ^ 1]) + one[1:]
    assert naming.title(Language.EN, flipped) != naming.title(Language.EN, one)
    assert naming.seed(one, "poster") not in {one, naming.seed(one, "other")}


@pytest.mark.parametrize("lexicon", LEXICONS.values(), ids=LEXICONS)
def test_every_word_list_is_clean(lexicon: Lexicon) -> None:
    slots = set()
    for pattern in (*(p for kind in Kind for p in lexicon.patterns[kind]), lexicon.person):
        slots |= set(re.findall(r"\{(\w+)\}", pattern))
    assert slots <= lexicon.words.keys()
    for slot, words in lexicon.words.items():
        assert words, slot
        for word in words:
            assert word == word.strip()
            assert name_problem(word) is None, word
    doubled = {"place_loc", "noun", "many", "gen", "noun_m", "noun_f", "noun_n"}
    for slot in slots - doubled:
        words = lexicon.words[slot]
        assert len(set(words)) == len(words), [w for w in words if words.count(w) > 1]


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


def test_pictures_are_named_truly() -> None:
    video = naming.video_token("hevc")
    one = naming.release_name("Quiet", 2020, FRAME, "", variant(1), video)
    assert one.startswith("Quiet.2020.720p.WEB-DL.H.265-")
    season = naming.season_name("Quiet", 2, FRAME, "", variant(1), video)
    assert season.startswith("Quiet.S02.720p.WEB-DL.H.265-")
    episode = naming.episode_name("Quiet", (2, 3), "", FRAME, "", variant(1), video)
    assert episode.startswith("Quiet.S02E03.720p.WEB-DL.H.265-")
    assert naming.video_token("h264") == "H.264"


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
