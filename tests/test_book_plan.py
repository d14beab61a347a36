"""A book's plan: names as shelves have them, nothing of the report in them, pure and short."""

import pytest

from packager import render, report
from packager.disguise import book
from packager.disguise.base import Options, Plan, Readme, Story
from packager.disguise.items import BookItem
from packager.errors import InputRefused
from packager.values import MAX_NAME_BYTES, Language, RelativePath

EN, RU = Language.EN, Language.RU


def planned(language: Language, variant: bytes = bytes(32), options: Options | None = None) -> Plan:
    text = f"---\nlanguage: {language}\ntitle: Zzreportzz\nbyline: Zzreportzz\n---\nBrown water.\n"
    story = Story(report.parse({"report.md": text}), ())
    return book.plan((story,), render.notice(language), options or Options(), variant)


def only_item(plan: Plan) -> BookItem:
    (item,) = plan.items
    assert isinstance(item, BookItem)
    return item


@pytest.mark.parametrize("language", Language)
def test_every_name_fits_and_repeats(language: Language) -> None:
    names = set()
    for number in range(12):
        variant = number.to_bytes(32, "big")
        plan = planned(language, variant)
        item = only_item(plan)
        assert plan == planned(language, variant)
        for path in (item.path, item.fb2, plan.poster_file, plan.readme_file):
            assert path is None or RelativePath(f"{plan.name}/{path}")
        assert len(f"{plan.name}.torrent".encode()) <= MAX_NAME_BYTES
        assert str(item.path).endswith(".epub")
        assert " - " in item.path
        assert plan.name.startswith(item.path.removesuffix(".epub"))
        assert (item.title, item.author) == (item.cover.title, item.cover.line)
        assert "zzreportzz" not in f"{plan} {item}".casefold()
        names.add(plan.name)
    assert len(names) == 12


@pytest.mark.parametrize("language", Language)
def test_fb2_is_for_those_who_look_for_it(language: Language) -> None:
    plan = planned(language)
    item = only_item(plan)

    assert (item.fb2 is not None) is (language in {RU, Language.UK, Language.BE})
    assert item.fb2 is None or item.fb2.removesuffix(".fb2") == item.path.removesuffix(".epub")
    assert item.fb2 or plan.name.endswith(f" ({plan.year})")


def test_the_journalists_own_words_count() -> None:
    plan = planned(EN, options=Options(title="The Own Title", year=1999, readme=Readme.NONE))

    assert only_item(plan).title == "The Own Title"
    assert plan.name.endswith(" - The Own Title (1999)")
    assert plan.readme_file is None


@pytest.mark.parametrize("title", ["😀", "...", "\u202e"])
def test_a_title_that_makes_no_name_is_refused(title: str) -> None:
    with pytest.raises(InputRefused):
        planned(EN, options=Options(title=title))


def test_a_report_without_words_is_refused() -> None:
    story = Story(report.parse({"report.md": "---\nlanguage: en\n---\n"}), ())
    with pytest.raises(InputRefused, match="no text"):
        book.plan((story,), render.notice(EN), Options(), bytes(32))
