"""The key card: one page in each language that brings an identity back."""

import re
from html import unescape
from pathlib import Path

import pytest
import sealed

from packager.publisher import Card, paper
from packager.values import Language

TEXTS = Path(__file__).parents[1] / "templates" / "card"


def texts(language: Language) -> dict[str, str]:
    source = (TEXTS / f"{language}.j2").read_text(encoding="utf-8")
    return dict(re.findall(r'^  "(\w+)": "(.*)",$', source, re.MULTILINE))


@pytest.mark.parametrize("following", [False, True])
@pytest.mark.parametrize("language", list(Language))
def test_every_language_has_a_whole_card(
    desk: sealed.Desk, language: Language, *, following: bool
) -> None:
    secret = paper.parse(desk.paper_words)
    page = Card(desk.publisher, secret, "2026-05-31", following, language).page().decode()

    assert page.count("<li>") == 12
    assert f'<html lang="{language}" dir="{"rtl" if language.right_to_left else "ltr"}">' in page
    told = re.sub(r"\s+", " ", unescape(re.sub("<[^>]*>", "", page)))
    own = texts(language)
    assert own["next_title" if following else "title"] in told
    assert own["destroy"] in told
    wanted = ("next-root", "restore", "next-card") if following else ("restore", "rotate")
    for command in wanted:
        assert f'<code dir="ltr">packager publisher {command} desk' in page


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.EN])
def test_every_language_says_everything_in_its_own_words(language: Language) -> None:
    english, told = texts(Language.EN), texts(language)

    assert told.keys() == english.keys()
    assert len(told) > 20
    assert [key for key in told if told[key] == english[key] or not told[key].strip()] == []
