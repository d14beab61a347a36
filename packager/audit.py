"""Named checks over a planned release: facts in, findings out.

An error stops the release unless its check is allowed by name; a warning is told.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from packager.disguise.base import Notice, Plan, Story
from packager.disguise.items import FilmItem, PartKind
from packager.report import Report

SAMPLE_SECONDS = 600  # shorter films are taken for samples by the programs that sort downloads
GALLERY = (0, 10, 33, 50)  # per cent of the film: where galleries take a picture
_LONG_WORD = 5


class Group(StrEnum):
    """What a finding is about."""

    BETRAYS = "betrays"
    UNREAL = "unreal"
    UNSAFE = "unsafe"
    FRAGILE = "fragile"


class Severity(StrEnum):
    """Whether it stops the release."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that did not pass; ``message`` says what to do about it."""

    check: str
    group: Group
    severity: Severity
    path: str
    message: str


def of_plan(plan: Plan, stories: Sequence[Story]) -> tuple[Finding, ...]:
    """What can be found before anything is rendered."""
    names = {str(item.path): f"{plan.name} {item.path}" for item in plan.items}
    names["poster"] = f"{plan.poster.title} {plan.poster.line}"
    found = [finding for item in plan.films for finding in _disclosure(item)]
    return (*found, *_report_words(stories, names))


def of_release(
    plan: Plan,
    stories: Sequence[Story],
    notice: Notice,
    starts: Mapping[str, Sequence[Fraction]],
    outside: dict[str, str],
) -> tuple[Finding, ...]:
    """All findings.

    ``starts`` is, by the path of each item, when each of its parts starts, in seconds, and last
    its end; ``outside`` is each text file that stands outside the report: path, content.
    """
    found = [*of_plan(plan, stories), *_report_words(stories, outside)]
    for film in plan.films:
        found += _of_film(film, starts[film.path])
    if not notice.reviewed_by:
        message = f"no native reader has checked our words in {plan.language} yet"
        found.append(_warning("unreviewed-language", Group.FRAGILE, plan.name, message))
    return tuple(found)


def _of_film(film: FilmItem, starts: Sequence[Fraction]) -> list[Finding]:
    found = _thumbnails(film, starts)
    seconds = starts[-1]
    if seconds < SAMPLE_SECONDS:
        message = (
            f"{int(seconds)} seconds is no film: programs that sort downloads drop films under"
            " 10 minutes as samples; add a film you may use with --cover"
        )
        found.append(_warning("short-film", Group.UNREAL, film.path, message))
    if film.copy:
        message = (
            "the copied picture matches the camera's original frame for frame: who holds either"
            " can tell that they belong together; leave --copy out to break part of that"
        )
        found.append(_warning("copied-picture", Group.BETRAYS, film.path, message))
    return found


def stopping(findings: Iterable[Finding], allowed: Iterable[str]) -> tuple[Finding, ...]:
    """The errors that nobody allowed."""
    named = set(allowed)
    return tuple(f for f in findings if f.severity is Severity.ERROR and f.check not in named)


def _disclosure(film: FilmItem) -> list[Finding]:
    kinds = [part.kind for part in film.parts]
    if PartKind.REPORT not in kinds:
        raise ValueError("a plan without its report")
    if PartKind.CARD in kinds[: kinds.index(PartKind.REPORT)]:
        return []
    message = "no card tells the reader what this is before the report starts"
    return [Finding("missing-disclosure", Group.UNSAFE, Severity.ERROR, film.path, message)]


def part_at(film: FilmItem, starts: Sequence[Fraction], time: Fraction) -> PartKind:
    """What plays at a time, in seconds."""
    passed = [part.kind for part, start in zip(film.parts, starts, strict=False) if start <= time]
    return passed[-1]


def _thumbnails(film: FilmItem, starts: Sequence[Fraction]) -> list[Finding]:
    if all(part.kind is not PartKind.COVER for part in film.parts):
        message = "there is no film behind the report: add one you may use with --cover FILM"
        found = [_warning("no-cover-film", Group.UNREAL, film.path, message)]
    else:
        found = []
    shares = [
        share
        for share in GALLERY
        if part_at(film, starts, starts[-1] * share / 100) is PartKind.REPORT
    ]
    if not shares:
        return found
    where = ", ".join(f"{share} %" for share in shares)
    message = (
        f"galleries take their picture at {where}, and there it is the report;"
        " a longer film behind it (--cover FILM) moves the report away from there"
    )
    return [*found, _warning("thumbnail-shows-report", Group.BETRAYS, film.path, message)]


def _report_words(stories: Sequence[Story], outside: dict[str, str]) -> list[Finding]:
    found = []
    phrases = sorted({phrase for story in stories for phrase in _phrases(story.report)})
    for path, content in outside.items():
        there = _words(content)
        for phrase in phrases:
            words = _words(phrase)
            if words and _contains(there, words):
                message = f"words of the report stand outside it: {' '.join(words)}"
                finding = Finding("report-words", Group.BETRAYS, Severity.ERROR, path, message)
                found.append(finding)
    return found


def _phrases(report: Report) -> set[str]:
    """Titles, names and outlets; and the title's rare words one by one."""
    phrases = set()
    for text in report.texts:
        phrases |= {text.title, text.byline, text.outlet}
        phrases |= {name for name in text.byline.split() if len(name) >= _LONG_WORD}
    return {phrase for phrase in phrases if phrase.strip()}


def _contains(there: list[str], words: list[str]) -> bool:
    width = len(words)
    return any(there[at : at + width] == words for at in range(len(there) - width + 1))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain)


def _warning(check: str, group: Group, path: str, message: str) -> Finding:
    return Finding(check, group, Severity.WARNING, path, message)
