"""Make packager/disguise/naming/works.txt anew from the lists that docs/works.md names.

Usage: build.py LISTS
where LISTS is a folder with, as they are published,
  movies.json          of the npm package vega-datasets
  faker.json           what node prints for @faker-js/faker, see docs/works.md
  tv_shows.json popular-movies.json bestsellers.json   of dariusk/corpora
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from packager.disguise.naming.works import folded

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "packager" / "disguise" / "naming" / "works.txt"
HEADER = "# Made by docs/works/build.py; sources and licences are in docs/works.md\n"


def main(lists: Path) -> None:
    """Write the list and say what each source gave."""
    works: set[str] = set()
    for source, titles in sources(lists).items():
        new = {name for name in map(folded, map(plain, titles)) if len(name) > 1} - works
        works |= new
        print(f"{len(new):6} {source}")
    print(f"{len(works):6} together")
    text = HEADER + "".join(f"{name}\n" for name in sorted(works))
    TARGET.write_text(text, encoding="utf-8", newline="\n")


def sources(lists: Path) -> dict[str, Iterable[str]]:
    """The titles and names of each list."""

    def read(name: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads((lists / name).read_text("utf-8"))
        return found

    ours = (HERE / "ours.txt").read_text("utf-8").splitlines()
    films = json.loads((lists / "movies.json").read_text("utf-8"))
    books = json.loads((lists / "bestsellers.json").read_text("utf-8"))["books"]
    return {
        "vega-datasets: films": [str(film["Title"]) for film in films if film["Title"]],
        "corpora: series": read("tv_shows.json")["tv_shows"],
        "corpora: films": read("popular-movies.json")["popular-movies"],
        "corpora: books": [book["title"] for book in books],
        **{f"faker: {kind}": titles for kind, titles in read("faker.json").items()},
        "ours": [line for line in ours if not line.startswith("#")],
    }


def plain(title: str) -> str:
    """A title without the year that some lists put behind it."""
    return re.sub(r" \((?:19|20)\d\d\)$", "", title)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
