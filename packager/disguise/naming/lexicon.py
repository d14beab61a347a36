"""The words of one language that invented titles and names are made of.

Every list is our own. Titles of two plain words are avoided: they are the likeliest to exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a title is for; each kind has its own patterns."""

    FILM = "film"
    SERIES = "series"
    EPISODE = "episode"
    BAND = "band"
    ALBUM = "album"
    TRACK = "track"
    BOOK = "book"
    COURSE = "course"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Patterns with ``{slots}``, and the words that fit each slot."""

    patterns: Mapping[Kind, tuple[str, ...]]
    person: str  # pattern of an invented person's name
    credit: str  # "A film by {name}"
    words: Mapping[str, tuple[str, ...]]


def forms(entries: str, *slots: str) -> dict[str, tuple[str, ...]]:
    """Split ``lamp:lamps door:doors`` into one tuple a slot."""
    rows = [entry.split(":") for entry in entries.split()]
    return {slot: tuple(row[at] for row in rows) for at, slot in enumerate(slots)}


def joined(*parts: str) -> tuple[str, ...]:
    """Every beginning with every middle and every end: invented places and surnames."""
    made: tuple[str, ...] = ("",)
    for part in parts:
        made = tuple(head + tail for head in made for tail in part.split())
    return made


def towns(heads: str, endings: str, *slots: str) -> dict[str, tuple[str, ...]]:
    """Invented places in several cases: every head with every ``nominative:genitive:...``."""
    rows = [(head, ending.split(":")) for head in heads.split() for ending in endings.split()]
    return {slot: tuple(head + ends[at] for head, ends in rows) for at, slot in enumerate(slots)}


def lines(text: str) -> tuple[str, ...]:
    """Entries that hold spaces, one a line."""
    return tuple(line.strip() for line in text.strip().splitlines())


def agreeing(adjectives: str, endings: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Masculine adjectives in three genders; the longest matching ending decides."""
    table = {slot: [] for slot in ("adj_m", "adj_f", "adj_n")}  # type: dict[str, list[str]]
    for word in adjectives.split():
        ending = max((e for e in endings if word.endswith(e)), key=len)
        stem = word[: -len(ending)]
        feminine, neuter = endings[ending]
        for slot, form in (("adj_m", word), ("adj_f", stem + feminine), ("adj_n", stem + neuter)):
            table[slot].append(form)
    return {slot: tuple(words) for slot, words in table.items()}


def declined(masculine: str, feminine: str, neuter: str) -> dict[str, tuple[str, ...]]:
    """Slavic nouns ``nominative:genitive:genitive-plural`` of three genders, by slot."""
    table: dict[str, tuple[str, ...]] = {"gen": (), "many": ()}
    for slot, entries in (("noun_m", masculine), ("noun_f", feminine), ("noun_n", neuter)):
        split = forms(entries, slot, "gen", "many")
        table[slot] = split[slot]
        table["gen"] += split["gen"]
        table["many"] += split["many"]
    table["noun"] = table["noun_m"] + table["noun_f"] + table["noun_n"]
    return table
