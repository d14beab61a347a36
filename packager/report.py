"""The report: front matter and Markdown in, a checked Report out.

``report.md`` and its translations ``report.<lang>.md`` hold YAML between two ``---`` lines and
then Markdown. Errors name the file and the line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from packager.errors import InputRefused
from packager.values import (
    MAX_TEXT_BYTES,
    REPORT_NAME,
    Language,
    RelativePath,
    parse_language,
    printable,
)

MAX_FIELD = 2000  # characters
MAX_ITEMS = 100
_DATE = re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
_JOINED = "\u0590-\u1fff"  # scripts whose spelling needs marks without width, from Hebrew to Khmer
_UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
    f"|(?<![{_JOINED}])[\u200b-\u200f](?![{_JOINED}])(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]\u200d)"
)
_KEYS = frozenset(
    "title language byline outlet published summary sources links tools media subtitles".split()
)


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address, shown as text; nothing here opens it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Text:
    """One language of the report; ``source`` is the file exactly as the journalist wrote it."""

    file: RelativePath
    language: Language
    source: str
    body: str
    title: str
    byline: str
    outlet: str
    published: str  # ISO date, or empty
    summary: str
    sources: tuple[str, ...]
    links: tuple[Link, ...]
    tools: tuple[Link, ...]
    media: tuple[RelativePath, ...]
    subtitles: tuple[RelativePath, ...]
    body_line: int = 1  # the line of the file on which ``body`` starts


@dataclass(frozen=True, slots=True)
class Report:
    """All languages of one report; ``main`` is the one the release is made in."""

    main: Text
    texts: tuple[Text, ...]  # sorted by file name, main included

    @property
    def media(self) -> tuple[RelativePath, ...]:
        """The clips of the report, in order, each once."""
        return tuple(
            dict.fromkeys(path for text in (self.main, *self.texts) for path in text.media)
        )


def parse(untrusted_texts: Mapping[str, str], language: Language | None = None) -> Report:
    """Read the texts of a report, by file name. ``language`` picks the main one."""
    if not untrusted_texts:
        raise InputRefused(
            "no report.md in the folder", "write report.md: front matter, then Markdown"
        )
    size = sum(len(text.encode("utf-8")) for text in untrusted_texts.values())
    if size > MAX_TEXT_BYTES:
        raise InputRefused(
            f"the report's texts are {size} bytes, the limit is {MAX_TEXT_BYTES}",
            "shorten the text, or split it into two reports",
        )
    texts = tuple(_parse_text(name, untrusted_texts[name]) for name in sorted(untrusted_texts))
    return Report(_pick(texts, language), texts)


def _pick(texts: tuple[Text, ...], language: Language | None) -> Text:
    spoken = [text.language for text in texts]
    for one in texts:
        if spoken.count(one.language) > 1:
            raise InputRefused(
                f"two texts of the report are in the language {one.language}",
                "give each language one file: report.md, report.ru.md, ...",
            )
    if language is None:
        return next((t for t in texts if t.file == "report.md"), texts[0])
    for text in texts:
        if text.language == language:
            return text
    raise InputRefused(
        f"the report has no text in the language {language}",
        f"it has: {' '.join(spoken)}; add report.{language}.md or choose one of these",
    )


def _parse_text(name: str, untrusted_source: str) -> Text:
    fields, lines, body = _front_matter(name, untrusted_source)
    reader = _Fields(name, fields, lines)
    reader.refuse_unknown()
    suffix = REPORT_NAME.match(name)
    spoken = suffix.group(1) if suffix else None
    language = reader.language(spoken)
    return Text(
        file=RelativePath(name),
        language=language,
        source=untrusted_source,
        body=seen(body),
        title=reader.text("title"),
        byline=reader.text("byline"),
        outlet=reader.text("outlet"),
        published=reader.date("published"),
        summary=reader.text("summary"),
        sources=reader.texts("sources"),
        links=reader.links("links"),
        tools=reader.links("tools"),
        media=reader.paths("media"),
        subtitles=reader.paths("subtitles"),
        body_line=untrusted_source.count("\n") - body.count("\n") + 1,
    )


def _front_matter(name: str, source: str) -> tuple[dict[str, object], dict[str, int], str]:
    """Fields, the line each stands on, and the body."""
    plain = source.removeprefix("\ufeff").replace("\r\n", "\n")
    match = re.match(r"---[ \t]*\n(.*?)(?:^)---[ \t]*(?:\n|\Z)", plain, re.DOTALL | re.MULTILINE)
    if match is None:
        raise InputRefused(
            f"{name} line 1: no front matter", "start the file with --- and a line `language: en`"
        )
    try:
        node = yaml.compose(match.group(1), Loader=yaml.SafeLoader)
        tokens = list(yaml.scan(match.group(1), Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        raise InputRefused(
            f"{name} line {line}: the front matter is not YAML",
            "each line is `key: value`; put a text with a colon in quotes",
        ) from None
    for token in tokens:
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            raise InputRefused(
                f"{name} line {token.start_mark.line + 2}: YAML anchors and tags are not allowed",
                "write the value out",
            )
    if node is None:
        return {}, {}, plain[match.end() :]
    if not isinstance(node, yaml.MappingNode):
        raise InputRefused(f"{name} line 2: the front matter is not a list of `key: value`")
    lines = {str(key.value): key.start_mark.line + 2 for key, _ in node.value}
    if len(lines) != len(node.value):
        raise InputRefused(f"{name}: a key of the front matter stands twice")
    values = yaml.load(match.group(1), Loader=_TextLoader)  # noqa: S506 -- a SafeLoader
    return values, lines, plain[match.end() :]


class _TextLoader(yaml.SafeLoader):
    """YAML where every plain value stays text: no dates, numbers or booleans guessed."""


_TextLoader.yaml_implicit_resolvers = {}


def seen(text: str) -> str:
    """``text`` as it is drawn and spoken: without signs that only a watermark needs.

    Marks without width stay beside letters whose spelling may need them, and inside emoji.
    """
    return _UNSEEN.sub("", text)


@dataclass(frozen=True, slots=True)
class _Fields:
    """Typed access to untrusted front matter; errors name file and line."""

    file: str
    untrusted: dict[str, object]
    lines: dict[str, int]

    def refuse_unknown(self) -> None:
        for key in self.untrusted:
            if key not in _KEYS:
                raise InputRefused(
                    f"{self.file} line {self.lines[key]}: unknown key {printable(str(key))[:40]!r}",
                    f"known keys: {' '.join(sorted(_KEYS))}",
                )

    def language(self, spoken: str | None) -> Language:
        stated = self.text("language")
        if not stated and not spoken:
            raise InputRefused(f"{self.file}: no language given", "add a line `language: en`")
        try:
            language = parse_language(stated or spoken or "")
        except InputRefused as error:
            line = self.lines.get("language", 1)
            raise InputRefused(f"{self.file} line {line}: {error.fact}", *error.hints) from None
        if spoken and parse_language(spoken) != language:
            raise self.bad("language", f"the file's name says {spoken}")
        return language

    def text(self, key: str) -> str:
        value = self.untrusted.get(key)
        if value is None:
            return ""
        return self.checked(key, value)

    def date(self, key: str) -> str:
        value = self.text(key)
        if value and not _DATE.match(value):
            raise self.bad(key, "write the date as 2026-05-31")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self.checked(key, item) for item in self.items(key))

    def paths(self, key: str) -> tuple[RelativePath, ...]:
        paths = []
        for text in self.texts(key):
            try:
                paths.append(RelativePath(text))
            except InputRefused as error:
                raise self.bad(key, error.fact) from None
        return tuple(paths)

    def links(self, key: str) -> tuple[Link, ...]:
        links = []
        for item in self.items(key):
            if not isinstance(item, dict) or set(item) != {"label", "url"}:
                raise self.bad(key, "each entry is `- {label: ..., url: ...}`")
            links.append(Link(self.checked(key, item["label"]), self.checked(key, item["url"])))
        return tuple(links)

    def items(self, key: str) -> list[object]:
        value = self.untrusted.get(key)
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise self.bad(key, "it is a list: one `- ` line for each entry")
        if len(value) > MAX_ITEMS:
            raise self.bad(key, f"more than {MAX_ITEMS} entries")
        return value

    def checked(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.bad(key, "it is not a text")
        if len(value) > MAX_FIELD:
            raise self.bad(key, f"longer than {MAX_FIELD} characters")
        return seen(value.strip())

    def bad(self, key: str, hint: str) -> InputRefused:
        line = self.lines.get(key, 1)
        return InputRefused(f"{self.file} line {line}: {key} is not usable", hint)
