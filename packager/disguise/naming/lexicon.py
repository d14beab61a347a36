"""The words of one language that invented titles and names are made of.

Every list is our own. Titles of two plain words are avoided: they are the likeliest to exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Patterns with ``{slots}``, and the words that fit each slot."""

    titles: tuple[str, ...]  # patterns of a title
    person: str  # pattern of an invented person's name
    credit: str  # "A film by {name}"
    words: Mapping[str, tuple[str, ...]]


def forms(entries: str, *slots: str) -> dict[str, tuple[str, ...]]:
    """Split ``lamp:lamps door:doors`` into one tuple a slot."""
    rows = [entry.split(":") for entry in entries.split()]
    return {slot: tuple(row[at] for row in rows) for at, slot in enumerate(slots)}


def joined(heads: str, tails: str) -> tuple[str, ...]:
    """Every head with every tail: invented places and surnames."""
    return tuple(head + tail for head in heads.split() for tail in tails.split())


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
