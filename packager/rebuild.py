"""Make a release again from its report, without its key, and compare: four eyes.

Variant, date and terms come from the seals of the release, options from the ``recipe.json`` beside
it. What is made must have the PREFIX that the publisher signed, byte for byte.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packager import merkle, minisign, seal, unpack, verify, workroom
from packager.disguise.base import Options
from packager.disguise.items import Container
from packager.errors import InputRefused
from packager.hashing import Crew, Leaves
from packager.pack import preview, recipe
from packager.pack.assembly import Folders, assemble
from packager.pack.body import Body
from packager.pack.order import Order
from packager.pack.recipe import Recipe
from packager.pack.work import Work, prepare
from packager.pins import Pin
from packager.render import Checks
from packager.seal import Seal
from packager.signatures import Also
from packager.source import BareWords
from packager.sweep import file_tree
from packager.toolchain import toolchain
from packager.values import Language, RelativePath
from packager.verify import Verdict
from packager.workroom import Place

Progress = Callable[[str, float], None]


class Reason(StrEnum):
    """Why; the list is closed."""

    SAME = "same-bytes"
    OTHER_REPORT = "another-report"
    OTHER_OPTIONS = "other-options"
    OTHER_BYTES = "other-bytes"
    OTHER_TOOLS = "another-toolchain"
    UNKNOWN_TOOLS = "unknown-toolchain"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The answer; ``files`` says of each file of the release whether it came out the same."""

    verdict: Verdict
    reason: Reason
    detail: str
    files: tuple[tuple[str, bool], ...] = ()
    tools: tuple[str, ...] = ()  # that differ from those the release was made with


@dataclass(frozen=True, slots=True)
class Original:
    """The release under test: what its genuine seals say, and how it was made if that is known."""

    seals: dict[RelativePath, Seal]
    recipe: Recipe | None

    @property
    def first(self) -> Seal:
        """Any of them: they agree on all but their own file."""
        return next(iter(self.seals.values()))


def rebuild(
    release: Path,
    source: Path,
    trusted: Sequence[Pin],
    progress: Progress,
    *,
    cover: Path | None = None,
    recipe_file: Path | None = None,
    work_in: Place = Place.DISK,
) -> Rebuilt:
    """Compare ``release`` with what ``source`` gives here; nothing is left behind.

    CheckFailed or CannotTell where the release itself is not genuine.
    """
    original = _original(release, trusted, recipe_file)
    beside = release.absolute().parent
    order = _order(original, source, beside, cover)
    try:
        work = prepare(order, None)
    except InputRefused as error:
        raise InputRefused(f"nothing can be made of it: {error.fact}", *error.hints) from None
    if objection := _objection(original, work):
        return objection
    with workroom.opened(beside, work_in, preview.room(work)) as room:
        folders = Folders.make(room.path, work.plan.name)
        assemble(work, folders, _checks(original), progress)
        found = tuple(_compared(original, folders.travelling))
    return _answer(original, found)


def _original(release: Path, trusted: Sequence[Pin], recipe_file: Path | None) -> Original:
    result = verify.release(release, trusted)
    if result.verdict is not Verdict.GENUINE:
        unpack.genuine(result)  # which says why
    seals = {one.seal.manifest.path: one.seal for one in result.files if one.seal}
    if not seals:
        unpack.genuine(result)
    if result.missing:
        raise InputRefused(
            f"{len(result.missing)} files of the release are missing, the first is"
            f" {result.missing[0]!r}",
            "give the whole release",
        )
    output = verify.travelling_folder(release).parent
    path = recipe_file or output / recipe.NAME
    known = recipe.read(path) if recipe_file or path.is_file() else None
    return Original(seals, known)


def _order(original: Original, source: Path, out: Path, cover: Path | None) -> Order:
    stated = original.first.manifest
    known = original.recipe
    if known and known.cover and (cover is None or recipe.digest(cover) != known.cover):
        raise InputRefused(
            "the release was made with a cover film, and this is not it"
            if cover
            else "the release was made with a cover film",
            "give the same film with --cover",
        )
    return Order(
        source=source,
        out=out,
        disguise=stated.disguise,
        options=known.options if known else _usual(original),
        bare=known.bare if known else BareWords(_language(original)),
        cover=cover,
        cover_licence=stated.cover_licence,
        variant=stated.variant.hex(),
        date=stated.date,
        expires=stated.expires,
        serial=stated.serial,
        audience=stated.audience,
        allowed=stated.allowed,
    )


def _usual(original: Original) -> Options:
    """Without a recipe: the defaults, and the container that the file's name shows."""
    film = next(iter(original.seals))
    mkv = film.suffix == f".{Container.MKV}"
    return Options(container=Container.MKV if mkv else None)


def _language(original: Original) -> Language | None:
    spoken = original.first.manifest.languages
    return spoken[0] if spoken else None


def _checks(original: Original) -> Checks:
    """The same commands in a full ReadMe as the publisher wrote."""
    known = original.recipe
    key = minisign.public_key_text(original.first.manifest.signer)
    if known is None:
        return Checks(minisign_key=key)
    return Checks(
        known.publisher, key, minisign=Also.MINISIGN in known.also, ssh=Also.SSH in known.also
    )


def _objection(original: Original, work: Work) -> Rebuilt | None:
    """What is wrong before anything is rendered; None if nothing."""
    planned = {item.path: item for item in work.plan.items}
    if planned.keys() != original.seals.keys():
        return Rebuilt(
            Verdict.NOT_GENUINE if original.recipe else Verdict.CANNOT_TELL,
            Reason.OTHER_OPTIONS if original.recipe is None else Reason.OTHER_REPORT,
            "this report gives files of other names"
            + ("" if original.recipe else ", or other options were used: give --recipe"),
        )
    for path, found in original.seals.items():
        if found.report and found.report != work.texts(planned[path]):
            detail = f"the text sealed in {path} is not that of this report"
            return Rebuilt(Verdict.NOT_GENUINE, Reason.OTHER_REPORT, detail)
    return None


def _compared(original: Original, folder: Path) -> list[tuple[str, bool]]:
    """Each file of the release, and whether what was made now is the same."""
    same = {path: _same_prefix(folder / path, found) for path, found in original.seals.items()}
    for sibling in original.first.manifest.siblings:
        if not sibling.sealed:
            made = folder / sibling.path
            same[sibling.path] = made.is_file() and file_tree(made)[1].root == sibling.root
    return sorted((str(path), alike) for path, alike in same.items())


def _same_prefix(path: Path, found: Seal) -> bool:
    stated = found.manifest
    count = seal.piece_count(stated.prefix_length, stated.piece)
    record = seal.encode_report(found.report)
    payload = seal.payload_size(stated, found.chain, count, record)
    with ExitStack() as stack, Crew() as crew:
        body = Body.open(path, stack)
        body.make_room(payload)
        leaves = Leaves(crew)
        for chunk in body.prefix():
            leaves.feed(chunk)
        return seal.proves(found, merkle.root(leaves.so_far()), body.prefix_length)


def _answer(original: Original, found: tuple[tuple[str, bool], ...]) -> Rebuilt:
    different = [path for path, same in found if not same]
    if not different:
        detail = f"all {len(found)} files came out as the publisher sealed them, byte for byte"
        return Rebuilt(Verdict.GENUINE, Reason.SAME, detail, found)
    count = (
        f"{len(different)} of {len(found)} files came out different, the first is {different[0]!r}"
    )
    if original.recipe is None:
        detail = f"{count}; with which tools the release was made is not known: give --recipe"
        return Rebuilt(Verdict.CANNOT_TELL, Reason.UNKNOWN_TOOLS, detail, found)
    tools = _differences(original.recipe.toolchain, toolchain())
    if tools:
        detail = f"{count}; but it was made with other tools: {', '.join(tools)}"
        return Rebuilt(Verdict.CANNOT_TELL, Reason.OTHER_TOOLS, detail, found, tools)
    detail = f"{count}, though the tools are the same: it was made of something else"
    return Rebuilt(Verdict.NOT_GENUINE, Reason.OTHER_BYTES, detail, found)


def _differences(then: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{name} {then.get(name, 'absent')[:20]} there, {now.get(name, 'absent')[:20]} here"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    )
