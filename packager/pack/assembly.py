"""The folder that travels, as it is before anything in it is sealed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from packager.pack import look, making
from packager.pack.making import Made
from packager.pack.work import Work
from packager.render import Checks

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a release is put together."""

    output: Path  # all that the journalist gets
    travelling: Path  # inside it
    bench: Path  # thrown away

    @classmethod
    def make(cls, room: Path, name: str) -> "Folders":
        """Make them in the empty folder ``room``."""
        folders = cls(room / name, room / name / name, room / "bench")
        folders.travelling.mkdir(parents=True)
        folders.bench.mkdir()
        return folders


def assemble(work: Work, folders: Folders, checks: Checks, progress: Progress) -> tuple[Made, ...]:
    """Render all items of the plan and write the files beside them."""
    numbers = range(len(work.plan.items))
    poster = (work.plan, folders.travelling, folders.bench)
    with ThreadPoolExecutor(1) as beside:
        # a film needs no poster file and other items may; both cores are seldom busy meanwhile
        alone = len(work.plan.films) == len(work.plan.items)
        drawn = beside.submit(look.write_poster, *poster) if alone else None
        made = tuple(_make(work, number, folders, progress) for number in numbers)
        if drawn:
            drawn.result()
    look.write_poster(*poster)
    look.write_texts(work, made, folders.travelling, checks)
    return made


def _make(work: Work, number: int, folders: Folders, progress: Progress) -> Made:
    """One item, in its place. Its share of the progress is that of its number."""
    items = work.plan.items
    room = folders.bench / str(number)
    room.mkdir()
    made = making.make(
        work,
        items[number],
        room,
        lambda done: progress(work.plan.disguise, (number + done) / len(items)),
    )
    for path, file in ((items[number].path, made.path), *made.beside):
        place = folders.travelling / path
        place.parent.mkdir(parents=True, exist_ok=True)
        file.rename(place)
    return replace(made, path=folders.travelling / items[number].path)
