"""Turn reports into a release: sealed files, torrent, and what is handed over with them.

One straight line: open, plan, render, seal and hash, write the torrent, check, and one rename.
Until that rename everything lies in a folder that is removed whatever happens.
"""

from dataclasses import dataclass
from pathlib import Path

from packager import files, minisign, render, signatures, torrent, workroom
from packager.audit import Finding
from packager.disguise.base import Plan
from packager.disguise.items import Item
from packager.keyring import Publisher
from packager.keys import SecretKey
from packager.pack import auditing, exhibits, given, handover, look, preview, recipe
from packager.pack.assembly import Folders, Progress, assemble
from packager.pack.making import Made
from packager.pack.order import Order
from packager.pack.recipe import Recipe
from packager.pack.sealing import Sealed, Signer, Unsealed, seal_folder
from packager.pack.work import Work, prepare, terms
from packager.signatures import Also
from packager.toolchain import toolchain
from packager.torrent import InfoHashes
from packager.traces import writing
from packager.values import printable

__all__ = ["Order", "Packed", "pack"]

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
    target = _target(order, plan)
    if order.options.title is None:
        given.refuse_again(plan, publisher, daily)
    auditing.planned(order, work)
    cleaned = _clean(order.out)
    with workroom.opened(order.out, order.work_in, preview.room(work)) as room:
        folders = Folders.make(room.path, plan.name)
        output, travelling = folders.output, folders.travelling
        checks = _checks(order, publisher, daily)
        made = assemble(work, folders, checks, progress)
        progress("seal", 0.0)
        signer = Signer(publisher.chain, daily)
        unsealed = [unsealed_item(work, item) for item in plan.items]
        sealed = seal_folder(travelling, unsealed, terms(order, work), signer, order.kind)
        progress("seal", 1.0)
        signatures.write(travelling, output / SIGNATURES, publisher.name, daily, order.also)
        data = _torrent(order, plan, sealed)
        findings = _hand_over(order, work, publisher, folders, made, sealed, data)
        given.keep(plan, publisher, daily)
        room.deliver(output, target)
    return Packed(
        output=target,
        release=target / plan.name,
        torrent=target / f"{plan.name}.torrent",
        magnet=torrent.magnet(data),
        infohashes=torrent.info_hashes(data),
        sealed=sealed,
        findings=findings,
        notes=(*cleaned, *workroom.warnings(order.work_in), *_notes(work, made)),
        signatures=target / SIGNATURES if order.also else None,
    )


def _hand_over(
    order: Order,
    work: Work,
    publisher: Publisher,
    folders: Folders,
    made: tuple[Made, ...],
    sealed: Sealed,
    data: bytes,
) -> tuple[Finding, ...]:
    """Write what lies beside the folder that travels; what the audit found in it."""
    file = folders.output / f"{work.plan.name}.torrent"
    files.write_atomic(file, data)
    with exhibits.filming(made, folders.bench) as filmed:  # beside the audit, on another core
        findings, facts = auditing.finished(order, work, made, folders, file)
        sheet = handover.Sheet(order, work, publisher, data, sealed, findings, facts, made, filmed)
        handover.write(folders.output, sheet, folders.bench)
    made_by = Recipe.of(order, publisher.name, toolchain())
    files.write_atomic(folders.output / recipe.NAME, made_by.encode())
    return findings


def _target(order: Order, plan: Plan) -> Path:
    """The folder that is made; refused where there is one already."""
    target = order.out / plan.name
    if target.exists() or target.is_symlink():
        raise files.already_there(target)
    return target


def _clean(out: Path) -> tuple[str, ...]:
    """Remove what an earlier run had to leave behind in a power cut or crash, and tell it."""
    return tuple(workroom.told(workroom.sweep(out)))


def _checks(order: Order, publisher: Publisher, daily: SecretKey) -> render.Checks:
    """With what a full ReadMe says that the release can be checked."""
    return render.Checks(
        publisher.name,
        minisign.public_key_text(daily.public),
        minisign=Also.MINISIGN in order.also,
        ssh=Also.SSH in order.also,
    )


def unsealed_item(work: Work, item: Item) -> Unsealed:
    """What is sealed of an item, and with which texts."""
    return Unsealed(item.path, work.texts(item))


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


def _notes(work: Work, made: tuple[Made, ...]) -> tuple[str, ...]:
    notes = [note for one in made for note in one.notes]
    if any(film.copy for film in work.plan.films):
        notes = [_COPIED, *notes]
    elif work.plan.films:
        notes = [_ENCODED, *notes]
    texts = [text for source in work.sources for text in source.texts.items()]
    for name, text in texts:
        if marks := writing.followed(text):
            notes.append(_FOLLOWED.format(name, printable(", ".join(marks)[:100])))
    return tuple(dict.fromkeys((*notes, look.REMAINS)))


_FOLLOWED = (
    "an address in {} holds a mark of who copied or was sent it ({}): everybody will see it; cut it"
    " out of the address, and pack again"
)
_COPIED = (
    "the picture was copied, not encoded anew: it matches the camera's frame for frame, and what"
    " a camera hid in it is still there; the sound was encoded anew"
)
_ENCODED = "the picture was encoded anew: it plays on old devices and loses part of the traces"
