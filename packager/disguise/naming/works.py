"""Compare a title with a list of real works and artists.

The list is ``works.txt`` beside this file: folded titles, one a line; ``docs/works.md`` says
where they come from. Nothing here can say that a title is free: only that none of these is near.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise

from packager.errors import InputRefused
from packager.values import printable

_FAR = 2  # edits between a title and a work that is still too near
_PIECES = _FAR + 1  # two edits leave one of three pieces whole
_EXACT_BELOW, _ONE_BELOW = 5, 8  # letters: shorter titles are allowed fewer edits
_ARTICLES = frozenset("a an the el la los las un una le les der die das ال".split())
_SOUNDS = """
    а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh
    ц ts ч ch ш sh щ shch ы y э e ю iu я ia і i ї i є e ґ g ў u ß ss ø o ł l æ ae œ oe
    ي ی ى ی ك ک أ ا إ ا آ ا ة ه
""".split()
_LETTERS = str.maketrans(
    dict(zip(_SOUNDS[::2], _SOUNDS[1::2], strict=True))
    | {"ъ": "", "ь": "", "&": " and ", "\u200c": " "}
)


def folded(untrusted_title: str) -> str:
    """``untrusted_title`` without case, accents, spaces, marks and articles, in Latin if Cyrillic.

    ``The Árbol & the Sea`` -> ``arbolandsea``; ``Титаник`` -> ``titanik``.
    """
    text = unicodedata.normalize("NFKC", untrusted_title).casefold().translate(_LETTERS)
    kept = "".join(map(_kept, unicodedata.normalize("NFKD", text)))
    words = kept.split()
    named = [_bare(word) for word in words if word not in _ARTICLES]
    return "".join(named) or "".join(words)


def count() -> int:
    """How many titles and names the list holds."""
    return len(_titles())


def nearest(untrusted_title: str) -> str | None:
    """A work of the list, folded, that is too near to ``untrusted_title``; None if none is.

    Too near is: equal for fewer than five letters, one edit for fewer than eight, else two.
    """
    asked = folded(untrusted_title)
    for work in _candidates(asked):
        allowed = _allowed(min(len(asked), len(work)))
        if abs(len(asked) - len(work)) <= allowed and _edits(asked, work) <= allowed:
            return work
    return None


def refuse(untrusted_title: str) -> None:
    """Raise InputRefused if ``untrusted_title`` is too near to a real work."""
    work = nearest(untrusted_title)
    if work is not None:
        raise InputRefused(
            f"the title {printable(untrusted_title[:80])!r} is that of a real work or nearly so"
            f" ({work}; compared with {count()} titles)",
            "choose another --title, or leave it out: an invented one is drawn",
            "if you may use it: --allow real-title; nodes refuse it unless their owners allow it",
        )


@cache
def _kept(character: str) -> str:
    """A letter or digit itself, nothing for what stands inside words, else a space."""
    category = unicodedata.category(character)[0]
    if category in "LN":
        return character
    return "" if category == "M" or character in "'’ʼ`´" else " "


def _bare(word: str) -> str:
    """``word`` without the Arabic article."""
    return word.removeprefix("ال") if len(word) > len("الxx") else word


def _allowed(letters: int) -> int:
    if letters < _EXACT_BELOW:
        return 0
    return 1 if letters < _ONE_BELOW else _FAR


@cache
def _titles() -> tuple[str, ...]:
    text = resources.files(__package__).joinpath("works.txt").read_text("utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _index() -> dict[tuple[int, int, str], list[str]]:
    """Works by length, number of the piece, and the piece itself (Li et al., Pass-Join, 2011)."""
    index: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    for work in _titles():
        for number, (start, end) in enumerate(_cuts(len(work))):
            index[len(work), number, work[start:end]].append(work)
    return dict(index)


def _cuts(length: int) -> Iterator[tuple[int, int]]:
    """Where the pieces of a work of ``length`` letters start and end."""
    edges = [length * number // _PIECES for number in range(_PIECES + 1)]
    return pairwise(edges)


@cache
def _windows(letters: int) -> tuple[tuple[int, int, int, int], ...]:
    """Where in ``letters`` letters two edits may have put a piece: length, piece, start, end."""
    found = []
    for length in range(max(1, letters - _FAR), letters + _FAR + 1):
        longer = letters - length
        for number, (start, end) in enumerate(_cuts(length)):
            low = max(-number, longer - (_FAR - number), -start)
            high = min(number, longer + (_FAR - number))
            found += [(length, number, start + by, end + by) for by in range(low, high + 1)]
    return tuple(found)


def _candidates(asked: str) -> Iterator[str]:
    """Works that share a piece with ``asked`` where two edits may have put it; some come twice."""
    index = _index()
    for length, number, start, end in _windows(len(asked)):
        yield from index.get((length, number, asked[start:end]), ())


def _edits(first: str, second: str) -> int:
    """Letters to insert, delete or change to make ``second`` of ``first`` (Levenshtein)."""
    row = list(range(len(second) + 1))
    for at, left in enumerate(first, start=1):
        above, row = row, [at]
        for place, right in enumerate(second, start=1):
            change = above[place - 1] + (left != right)
            row.append(min(change, above[place] + 1, row[-1] + 1))
    return row[-1]
