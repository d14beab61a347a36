"""Turn reports into a release: sealed files, torrent, and what is handed over with them.

One straight line: open, plan, render, seal and hash, write the torrent, check, and one rename.
Until that rename everything lies in a folder that is removed whatever happens.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from packager import files, minisign, render, signatures, survey, torrent
from packager.audit import Finding
from packager.disguise.base import Plan
from packager.disguise.items import FilmItem, Item
from packager.errors import InputRefused
from packager.keyring import Publisher
from packager.keys import SecretKey
from packager.pack import auditing, handover, look, making
from packager.pack.making import Made
from packager.pack.order import Order
from packager.pack.sealing import Sealed, Signer, Unsealed, seal_folder
from packager.pack.work import Work, prepare, terms
from packager.signatures import Also
from packager.torrent import InfoHashes

__all__ = ["Order", "Packed", "pack"]

Progress = Callable[[str, float], None]
SIGNATURES = "signatures"


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished release."""

    output: Path
    release: Path
    torrent: Path
    magnet: str
    infohashes: InfoHashes
    sealed: Sealed
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    signatures: Path | None = None


def pack(order: Order, publisher: Publisher, daily: SecretKey, progress: Progress) -> Packed:
    """Make the release that ``order`` asks for; on any error nothing is left behind."""
    order.check()
    work = prepare(order, daily)
    plan = work.plan
    target = order.out / plan.name
    if target.exists() or target.is_symlink():
        raise files.already_there(target)
    auditing.planned(order, work)
    with files.workspace(order.out) as room:
        output, travelling, bench = _folders(room, plan)
        checks = _checks(order, publisher, daily)
        made = _render(work, travelling, bench, progress, checks)
        progress("seal", 0.0)
        signer = Signer(publisher.chain, daily)
        unsealed = [_unsealed(work, item) for item in plan.items]
        sealed = seal_folder(travelling, unsealed, terms(order, work), signer, order.kind)
        progress("seal", 1.0)
        _refuse_unsafe(travelling)
        signatures.write(travelling, output / SIGNATURES, publisher.name, daily, order.also)
        data = _torrent(order, plan, sealed)
        file = output / f"{plan.name}.torrent"
        files.write_atomic(file, data)
        findings, facts = auditing.finished(order, work, made, travelling, file)
        sheet = handover.Sheet(order, work, publisher, data, sealed, findings, facts, made)
        handover.write(output, sheet, bench)
        files.move_into_place(output, target)
    return Packed(
        output=target,
        release=target / plan.name,
        torrent=target / f"{plan.name}.torrent",
        magnet=torrent.magnet(data),
        infohashes=torrent.info_hashes(data),
        sealed=sealed,
        findings=findings,
        notes=_notes(plan, made),
        signatures=target / SIGNATURES if order.also else None,
    )


def _checks(order: Order, publisher: Publisher, daily: SecretKey) -> render.Checks:
    """With what a full ReadMe says that the release can be checked."""
    return render.Checks(
        publisher.name,
        minisign.public_key_text(daily.public),
        minisign=Also.MINISIGN in order.also,
        ssh=Also.SSH in order.also,
    )


def _render(
    work: Work,
    travelling: Path,
    bench: Path,
    progress: Progress,
    checks: render.Checks,
) -> tuple[Made, ...]:
    """The media and the files beside them, in the folder that will travel."""
    plan = work.plan
    made = tuple(
        _make(work, number, travelling, bench, progress) for number in range(len(plan.items))
    )
    look.write_texts(work, made, travelling, bench, checks)
    return made


def _make(work: Work, number: int, travelling: Path, bench: Path, progress: Progress) -> Made:
    """One item, in its place. Its share of the progress is that of its number."""
    items = work.plan.items
    room = bench / str(number)
    room.mkdir()
    made = making.make(
        work,
        items[number],
        room,
        lambda done: progress(work.plan.disguise, (number + done) / len(items)),
    )
    for path, file in ((items[number].path, made.path), *made.beside):
        place = travelling / path
        place.parent.mkdir(parents=True, exist_ok=True)
        file.rename(place)
    return replace(made, path=travelling / items[number].path)


def _unsealed(work: Work, item: Item) -> Unsealed:
    return Unsealed(item.path, work.texts(item), blank=isinstance(item, FilmItem) and item.copy)


def _torrent(order: Order, plan: Plan, sealed: Sealed) -> bytes:
    return torrent.build(
        plan.name,
        sealed.files,
        sealed.piece_length,
        sealed.sha1_pieces,
        order.kind,
        order.trackers,
        order.webseeds,
    )


def _folders(room: Path, plan: Plan) -> tuple[Path, Path, Path]:
    """The output folder, the folder that travels inside it, and one for work."""
    output, bench = room / plan.name, room / "bench"
    travelling = output / plan.name
    travelling.mkdir(parents=True)
    bench.mkdir()
    return output, travelling, bench


def _refuse_unsafe(travelling: Path) -> None:
    """What we made must pass what readers and nodes check; a failure is our own mistake."""
    refused = survey.refusals(travelling)
    if refused:
        raise InputRefused(refused[0].message, "this is a mistake of the program: please report it")


def _notes(plan: Plan, made: tuple[Made, ...]) -> tuple[str, ...]:
    notes = [note for one in made for note in one.notes]
    if any(film.copy for film in plan.films):
        notes = [_COPIED, *notes]
    elif plan.films:
        notes = [_ENCODED, *notes]
    return tuple(dict.fromkeys((*notes, look.REMAINS)))


_COPIED = "the picture was copied, not encoded anew: it matches the camera's frame for frame"
_ENCODED = "the picture was encoded anew: it plays on old devices and loses part of the traces"
