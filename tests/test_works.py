"""The list of real works: what is too near to one, and that none is ever invented."""

import hashlib
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.disguise import naming
from packager.disguise.base import Options
from packager.disguise.naming import works
from packager.errors import InputRefused
from packager.pack.order import Order
from packager.source import BareWords
from packager.values import Language

LIST = Path(works.__file__).with_name("works.txt").read_text("utf-8").splitlines()[1:]
ALPHABET = "aeinorstклж"


def test_the_list_is_long_sorted_and_folded() -> None:
    assert works.count() == len(LIST) == 8338, "docs/works.md says this number too"
    assert sorted(set(LIST)) == LIST
    docs = Path(__file__).parents[1] / "docs" / "works.md"
    assert "8,338" in docs.read_text("utf-8")


@pytest.mark.parametrize(
    ("title", "work"),
    [
        ("The Batman", "batman"),
        ("THE BÁTMAN!", "batman"),
        ("Титаник", "titanic"),
        ("Better Call Saul", "bettercallsaul"),
        ("Bettir.Call.Soul", "bettercallsaul"),
        ("Лучше звоните Солу", "luchshezvonitesolu"),
        ("Dorado, el laberinto del fauno", None),
        ("Laberinto del Fauno", "laberintodelfauno"),
        ("三体", "三体"),
        ("四体", None),
        ("الرسالة", "رساله"),
        ("جدایی نادر از سیمین", "جدایینادرازسیمین"),
        ("Up", "up"),
        ("Ups", None),
        ("The Amber Ferry of Aldermoor", None),
    ],
)
def test_a_title_near_a_real_work_is_found(title: str, work: str | None) -> None:
    assert works.nearest(title) == work


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("The Lion & the Wítch", "lionandwitch"),
        ("The The", "thethe"),
        ("Don\u2019t Look Up", "dontlookup"),
        ("Ёжик в тумане", "ezhikvtumane"),
        ("  ", ""),
    ],
)
def test_titles_are_folded(title: str, plain: str) -> None:
    assert works.folded(title) == plain


def distance(first: str, second: str) -> int:
    row = list(range(len(second) + 1))
    for at, left in enumerate(first, start=1):
        last, row[0] = row[0], at
        for place, right in enumerate(second, start=1):
            last, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, last + (left != right)),
            )
    return row[-1]


@pytest.mark.slow
@given(st.sampled_from(LIST), st.lists(st.tuples(st.integers(0, 60), st.sampled_from(ALPHABET))))
@settings(max_examples=15)
def test_every_damaged_work_is_found_as_a_full_search_would(
    work: str, edits: list[tuple[int, str]]
) -> None:
    asked = work
    for at, letter in edits[:3]:
        place = at % (len(asked) + 1)
        asked = asked[:place] + letter * (at % 2) + asked[place + at % 3 :]
    asked = works.folded(asked)
    near = {
        known
        for known in LIST
        if abs(len(known) - len(asked)) <= 2 and distance(asked, known) <= allowed(asked, known)
    }
    found = works.nearest(asked)
    assert found in near if near else found is None


def allowed(asked: str, known: str) -> int:
    letters = min(len(asked), len(known))
    return 0 if letters < 5 else 1 if letters < 8 else 2


def test_a_search_is_quick() -> None:
    works.nearest("first of all, read the list")
    start = time.perf_counter()
    for number in range(100):
        works.nearest(f"The Amber Ferry of Aldermoor {number}")
    assert time.perf_counter() - start < 1  # about 5 ms on an idle machine


def test_the_refusal_says_what_was_compared() -> None:
    with pytest.raises(InputRefused, match=r"batman; compared with \d{4,} titles") as caught:
        works.refuse("The Batman")
    assert "safe" not in str(caught.value)
    assert any("--allow real-title" in hint for hint in caught.value.hints)
    works.refuse("The Amber Ferry of Aldermoor")


def test_a_title_given_is_refused_unless_allowed(tmp_path: Path) -> None:
    options = Options(title="Strangers Things")
    order = Order(tmp_path, tmp_path, "movie", options, BareWords())
    with pytest.raises(InputRefused, match="strangerthings"):
        order.check()
    replace(order, allowed=("real-title",)).check()
    replace(order, options=Options(title="Amber Ferries over Aldermoor")).check()


@pytest.mark.slow
@pytest.mark.parametrize("language", Language)
def test_no_invented_title_is_near_a_real_work(language: Language) -> None:
    for number in range(150):
        seed = hashlib.sha256(b"works%d" % number).digest()
        for title in (
            naming.title(language, seed),
            naming.series(language, seed),
            naming.artist(language, seed),
            naming.album(language, seed),
            naming.author(language, seed),
            naming.book_title(language, seed),
            naming.track(language, seed, 1),
        ):
            assert works.nearest(title.filed) is None, title
            assert works.nearest(title.shown) is None, title


def test_a_draw_that_hits_a_real_work_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = hashlib.sha256(b"again").digest()
    first = naming.title(Language.EN, seed).filed
    monkeypatch.setattr(naming.titles, "nearest", lambda title: title if title == first else None)
    second = naming.title(Language.EN, seed).filed
    assert second != first
    assert naming.title(Language.EN, seed).filed == second
