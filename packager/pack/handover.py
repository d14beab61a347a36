"""What the journalist gets beside the folder that travels: magnet, QR, message, review sheet."""

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import segno

from packager import files, film, render, torrent, words
from packager.audit import GALLERY, Finding, part_at
from packager.disguise.base import Notice, PartKind, Plan
from packager.film import Film
from packager.keyring import Publisher
from packager.pack.sealing import Sealed


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known of a release at its end."""

    plan: Plan
    publisher: Publisher
    torrent: bytes
    sealed: Sealed
    findings: tuple[Finding, ...]
    film: Film


def write(output: Path, sheet: Sheet, notice: Notice, bench: Path) -> None:
    """Write ``handover/`` and ``review.html`` into the output folder."""
    magnet = torrent.magnet(sheet.torrent)
    folder = output / "handover"
    folder.mkdir()
    files.write_atomic(folder / "magnet.txt", f"{magnet}\n".encode())
    files.write_atomic(folder / "magnet.png", _qr(magnet))
    files.write_atomic(folder / "message.txt", render.message(notice, magnet, sheet.plan.name))
    files.write_atomic(output / "review.html", render.review(_review(sheet, magnet, bench)))


def _qr(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def _review(sheet: Sheet, magnet: str, bench: Path) -> render.ReviewSheet:
    hashes = torrent.info_hashes(sheet.torrent)
    infohash = hashes.v1 or hashes.v2 or b""
    times = [sheet.film.duration * share / 100 for share in GALLERY]
    card = _middle(sheet, PartKind.CARD)
    end = _middle(sheet, PartKind.END)
    pictures = film.stills(sheet.film.path, [*times, card, end], bench)
    shots = [
        render.Shot(f"{share} %", str(part_at(sheet.plan, sheet.film.starts, time)), picture)
        for share, time, picture in zip(GALLERY, times, pictures, strict=False)
    ]
    return render.ReviewSheet(
        name=sheet.plan.name,
        title=sheet.plan.title,
        disguise=sheet.plan.disguise,
        language=sheet.plan.language,
        publisher=sheet.publisher.name,
        words=words.spell(sheet.publisher.pin.words),
        infohash=infohash.hex(),
        magnet=magnet,
        thumbnails=tuple(shots),
        card=render.Shot("card", "card", pictures[-2]),
        end=(render.Shot("end", "end", pictures[-1]),),
        files=tuple((str(one.path), one.length) for one in sheet.sealed.files),
        findings=tuple(
            render.Finding(str(one.severity), one.path, one.message) for one in sheet.findings
        ),
    )


def _middle(sheet: Sheet, kind: PartKind) -> Fraction:
    kinds = [part.kind for part in sheet.plan.parts]
    at = kinds.index(kind) if kind in kinds else 0
    return (sheet.film.starts[at] + sheet.film.starts[at + 1]) / 2
