"""Words of a report that stand outside it: in names, tags, chapters, texts and torrents."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from packager.audit import checks, torrents
from packager.audit.facts import FileFacts, Release
from packager.audit.finding import Finding
from packager.report import Report, Text

_LONG_NAME = 5  # letters of a name that tells by itself
_LONG_WORD = 6  # of a title
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)")


def findings(release: Release) -> Iterator[Finding]:
    """What of the report stands outside it, as far as the report is known."""
    if not release.report:
        if release.no_report:
            fact = f"words of the report outside it were not looked for: {release.no_report}"
            yield checks.CANNOT_CHECK.at(release.name, fact)
        return
    yield from in_names(release.report, _names(release))
    texts = {file.path: file.text for file in release.files if file.text is not None}
    for path, text in texts.items():
        if is_full(text, release.report):
            yield checks.FULL_README.at(path, "it says what the release is")
        else:
            yield from in_texts(release.report, {path: text})


def in_names(reports: Iterable[Report], outside: Mapping[str, str]) -> Iterator[Finding]:
    """Words in names and tags; ``outside`` is by path what stands there."""
    reports = tuple(reports)
    told = {finding.path for finding in in_texts(reports, outside)}
    yield from in_texts(reports, outside)
    rare = {word for report in reports for text in report.texts for word in _rare(text)}
    for path, content in outside.items():
        found = sorted(rare & set(words(content)))
        if found and path not in told:
            yield checks.TITLE_WORD.at(path, f"it holds a word of the title: {' '.join(found)}")


def in_texts(reports: Iterable[Report], outside: Mapping[str, str]) -> Iterator[Finding]:
    """Titles, names, outlets and addresses in texts; ``outside`` is by path what stands there."""
    wanted = sorted({phrase for report in reports for phrase in phrases(report)})
    for path, content in outside.items():
        there = words(content)
        for phrase in wanted:
            if holds(there, words(phrase)):
                fact = f"words of the report stand outside it: {' '.join(words(phrase))}"
                yield checks.REPORT_WORDS.at(path, fact)


def phrases(report: Report) -> set[str]:
    """Titles, names, outlets and hosts of a report, each telling by itself."""
    found: set[str] = set()
    for text in report.texts:
        found |= {text.title, text.byline, text.outlet}
        found |= {name for name in text.byline.split() if len(name) >= _LONG_NAME}
        hosts = (_HOST.match(link.url) for link in (*text.links, *text.tools))
        found |= {host[1] for host in hosts if host}
    return {phrase for phrase in found if words(phrase)}


def is_full(text: str, reports: Iterable[Report]) -> bool:
    """Whether a text is a ReadMe of the campaign's kind: it names title and addresses."""
    there = words(text)
    return any(
        main.title
        and holds(there, words(main.title))
        and all(link.url in text for link in (*main.links, *main.tools))
        for main in (report.main for report in reports)
    )


def holds(there: list[str], wanted: list[str]) -> bool:
    """Whether ``wanted`` stands in ``there``, in one piece."""
    if not wanted:
        return False
    if _UNSPACED.search("".join(wanted)):  # no spaces tell where a word begins
        return "".join(wanted) in "".join(there)
    width = len(wanted)
    return any(there[at : at + width] == wanted for at in range(len(there) - width + 1))


def words(text: str) -> list[str]:
    """The words of a text without case, accents and signs."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain)


def _rare(text: Text) -> set[str]:
    return {word for word in words(text.title) if len(word) >= _LONG_WORD}


def _names(release: Release) -> dict[str, str]:
    found = {release.name: release.name} if release.name else {}
    for file in release.files:
        found[file.path] = " ".join((file.path, *_tags(file), *_shelf(file)))
    if release.torrent is not None:
        found[f"{release.name}.torrent"] = " ".join(torrents.texts(release.torrent))
    return found


def _tags(file: FileFacts) -> Iterator[str]:
    if file.traits is None:
        return
    every = chain(file.traits.tags, *(stream.tags for stream in file.traits.streams))
    yield from (value for _, value in every)
    yield from (chapter.title for chapter in file.traits.chapters)


def _shelf(file: FileFacts) -> Iterator[str]:
    if file.book:
        yield from (file.book.title, file.book.author, *file.book.contents)
