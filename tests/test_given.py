"""No invented title comes twice from one home; the same release may be made anew."""

from dataclasses import replace
from pathlib import Path

import pytest
from commands import throwaway

from packager.audit import plans as audit
from packager.disguise.base import Options, Plan
from packager.disguise.items import Poster
from packager.errors import InputRefused
from packager.keyring import Home, Publisher
from packager.keys import SecretKey
from packager.pack import given
from packager.pack.order import Order
from packager.pack.work import prepare
from packager.source import BareWords
from packager.values import Language

pytestmark = pytest.mark.slow
ONE, OTHER = b"1" * 32, b"2" * 32
PLAN = Plan(
    disguise="movie",
    language=Language.EN,
    name="Amber.Ferries.over.Aldermoor.2020.720p",
    title="Amber Ferries over Aldermoor",
    year=2020,
    variant=ONE,
    items=(),
    poster=Poster("", "", ONE, Language.EN),
    poster_file=None,
    poster_size=(2, 3),
    readme_file=None,
    nfo_file=None,
)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Publisher, SecretKey]:
    throwaway(tmp_path / "home")
    home = Home(tmp_path / "home")
    publisher = home.only_publisher(None)
    return publisher, home.daily_key(publisher, lambda _: "")


def test_a_title_is_given_once(keys: tuple[Publisher, SecretKey]) -> None:
    given.refuse_again(PLAN, *keys)
    given.keep(PLAN, *keys)
    given.keep(PLAN, *keys)
    given.refuse_again(PLAN, *keys)  # the same release made anew

    with pytest.raises(InputRefused, match="earlier release") as caught:
        given.refuse_again(replace(PLAN, variant=OTHER, title=PLAN.title.upper()), *keys)
    assert "--variant" in caught.value.hints[0]
    given.refuse_again(replace(PLAN, variant=OTHER, disguise="series"), *keys)
    given.refuse_again(replace(PLAN, variant=OTHER, title="Pale Ferries"), *keys)


def test_what_is_kept_tells_nothing(keys: tuple[Publisher, SecretKey]) -> None:
    given.keep(PLAN, *keys)
    folder = keys[0].folder.parent / "titles"
    kept = list(folder.iterdir())
    assert len(kept) == 1
    assert folder.stat().st_mode & 0o077 == 0
    assert kept[0].stat().st_mode & 0o077 == 0
    assert len(kept[0].read_bytes()) == 16
    assert b"Amber" not in kept[0].name.encode() + kept[0].read_bytes()


@pytest.mark.slow
@pytest.mark.tool
def test_pack_refuses_a_title_of_an_earlier_release(brief: Path, tmp_path: Path) -> None:
    desk = throwaway(tmp_path / "home")
    said = ("--as", "book", "--json")
    made = desk("pack", brief, *said, "--out", tmp_path / "one")
    assert made.code == 0, made.err
    again = desk("pack", brief, *said, "--out", tmp_path / "two")
    assert again.code == 0, again.err
    assert again.facts["infohash_v1"] == made.facts["infohash_v1"]

    titles = next((tmp_path / "home").glob("publishers/*/titles"))
    (only,) = titles.iterdir()
    only.write_bytes(b"of another vari.")
    third = desk("pack", brief, *said, "--out", tmp_path / "three")
    assert third.code == 4
    assert "is the title of an earlier release" in third.err
    assert not (tmp_path / "three").exists() or not any((tmp_path / "three").iterdir())


@pytest.mark.parametrize("disguise", ["movie", "album", "book"])
def test_no_invented_name_holds_a_word_of_the_report(
    keys: tuple[Publisher, SecretKey], tmp_path: Path, disguise: str
) -> None:
    """Who reports about a harbour is not given a film of that name: another one is drawn."""

    def drawn(title: str) -> Plan:
        source = tmp_path / title
        source.mkdir()
        text = f"---\ntitle: {title}\nlanguage: en\n---\nWhat happened.\n"
        (source / "report.md").write_text(text)
        order = Order(
            source, tmp_path, disguise, Options(), BareWords(None), variant="any", date="2026-01-01"
        )
        work = prepare(order, keys[1])
        assert not audit.named(work.plan, work.stories)
        return work.plan

    first = drawn("Ab")
    told = max(first.title.split(), key=len)
    assert drawn(f"The {told} papers").title != first.title
    assert drawn("Cd").title == first.title
