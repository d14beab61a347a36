"""What the journalist gets beside the folder that travels: magnet, QR, message, review sheet."""

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import segno

from packager import files, film, render, torrent, words
from packager.audit import GALLERY, Finding, part_at
from packager.disguise.base import Notice, Plan
from packager.disguise.items import FilmItem, PartKind
from packager.keyring import Publisher
from packager.pack.making import Made
from packager.pack.sealing import Sealed


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known of a release at its end."""

    plan: Plan
    publisher: Publisher
    torrent: bytes
    sealed: Sealed
    findings: tuple[Finding, ...]
    made: tuple[Made, ...]


def write(output: Path, sheet: Sheet, notice: Notice, bench: Path) -> None:
    """Write ``handover/`` and ``review.html`` into the output folder."""
    magnet = torrent.magnet(sheet.torrent)
    folder = output / "handover"
    folder.mkdir()
    files.write_atomic(folder / "magnet.txt", f"{magnet}\n".encode())
    files.write_atomic(folder / "magnet.png", _qr(magnet))
    files.write_atomic(folder / "message.txt", render.message(notice, magnet, sheet.plan))
    files.write_atomic(output / "review.html", render.review(_review(sheet, magnet, bench)))


def _qr(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def _review(sheet: Sheet, magnet: str, bench: Path) -> render.ReviewSheet:
    hashes = torrent.info_hashes(sheet.torrent)
    infohash = hashes.v1 or hashes.v2 or b""
    films = [one for one in sheet.made if isinstance(one.item, FilmItem)]
    shots, card, end = _shots(films[0], bench) if films else ((), None, None)
    return render.ReviewSheet(
        name=sheet.plan.name,
        title=sheet.plan.title,
        disguise=sheet.plan.disguise,
        language=sheet.plan.language,
        publisher=sheet.publisher.name,
        words=words.spell(sheet.publisher.pin.words),
        infohash=infohash.hex(),
        magnet=magnet,
        thumbnails=shots,
        card=card,
        end=(end,) if end else (),
        files=tuple((str(one.path), one.length) for one in sheet.sealed.files),
        findings=tuple(
            render.Finding(str(one.severity), one.path, one.message) for one in sheet.findings
        ),
    )


def _shots(
    made: Made, bench: Path
) -> tuple[tuple[render.Shot, ...], render.Shot | None, render.Shot | None]:
    """What a gallery shows of a film, its card, and its end."""
    if not isinstance(made.item, FilmItem):
        return (), None, None
    times = [made.duration * share / 100 for share in GALLERY]
    card, end = _middle(made, made.item, PartKind.CARD), _middle(made, made.item, PartKind.END)
    pictures = film.stills(made.path, [*times, card, end], bench)
    shots = tuple(
        render.Shot(f"{share} %", str(part_at(made.item, made.starts, time)), picture)
        for share, time, picture in zip(GALLERY, times, pictures, strict=False)
    )
    return (
        shots,
        render.Shot("card", "card", pictures[-2]),
        render.Shot("end", "end", pictures[-1]),
    )


def _middle(made: Made, item: FilmItem, kind: PartKind) -> Fraction:
    kinds = [part.kind for part in item.parts]
    at = kinds.index(kind) if kind in kinds else 0
    return (made.starts[at] + made.starts[at + 1]) / 2
