"""What the journalist gets beside the folder that travels: magnet, QR, message, review sheet."""

import io
from dataclasses import dataclass
from pathlib import Path

import segno

from packager import files, render, torrent
from packager.audit import Finding, Release, by_check
from packager.keyring import Publisher
from packager.pack import exhibits
from packager.pack.exhibits import Filmed
from packager.pack.making import Made
from packager.pack.order import Order
from packager.pack.sealing import Sealed
from packager.pack.work import Work
from packager.review import ReviewSheet, Row
from packager.words import spell

_MOST_FILES, _MOST_FINDINGS = 10, 7  # what a printed page has room for
_AUDIENCES = {"asked": "people who asked for it", "public": "public indexes"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known of a release at its end."""

    order: Order
    work: Work
    publisher: Publisher
    torrent: bytes
    sealed: Sealed
    findings: tuple[Finding, ...]
    facts: Release
    made: tuple[Made, ...]
    filmed: tuple[Filmed, ...]


def write(output: Path, sheet: Sheet, bench: Path) -> None:
    """Write ``handover/`` and ``review.html`` into the output folder."""
    name = sheet.work.plan.name
    magnet = torrent.magnet(sheet.torrent)
    folder = output / "handover"
    folder.mkdir()
    files.write_atomic(folder / "magnet.txt", f"{magnet}\n".encode())
    files.write_atomic(folder / "magnet.png", _qr(magnet))
    files.write_atomic(
        folder / "message.txt", render.message(sheet.work.notice, magnet, sheet.work.plan)
    )
    review = _review(sheet, output / name, magnet, bench)
    files.write_atomic(output / "review.html", render.review(review))


def _qr(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def _review(sheet: Sheet, travelling: Path, magnet: str, bench: Path) -> ReviewSheet:
    plan, hashes = sheet.work.plan, torrent.info_hashes(sheet.torrent)
    listed = [(str(one.path), one.length) for one in sheet.sealed.files]
    shown = exhibits.of(sheet.made, sheet.facts, sheet.filmed, bench)
    first = sheet.filmed[0] if sheet.filmed else None
    return ReviewSheet(
        name=plan.name,
        title=plan.title,
        disguise=plan.disguise,
        language=plan.language,
        publisher=sheet.publisher.name,
        words=spell(sheet.publisher.pin.words),
        infohash=(hashes.v1 or hashes.v2 or b"").hex(),
        magnet=magnet,
        terms=_terms(sheet),
        thumbnails=first.shots(first.gallery) if first else (),
        told=first.shots(first.told) if first else (),
        cover=exhibits.cover(plan, travelling),
        exhibits=shown,
        unseen=len(sheet.made) - len(shown),
        files=tuple(listed[:_MOST_FILES]),
        unlisted=max(0, len(listed) - _MOST_FILES),
        findings=rows(sheet.findings)[:_MOST_FINDINGS],
    )


def _terms(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """What was decided, and the names that were invented."""
    plan, stated = sheet.work.plan, sheet.sealed.manifest
    terms = (
        ("Invented names", f"{plan.title} · {plan.poster.line}"),
        ("Languages", ", ".join(stated.languages)),
        ("Audience", _AUDIENCES.get(stated.audience, stated.audience)),
        ("Date, serial", f"{stated.date or 'not stated'}, {stated.serial}"),
        ("To be read until", stated.expires or "no end stated"),
        ("Cover licence", stated.cover_licence),
        ("Overruled", ", ".join(stated.allowed)),
        ("Addresses", ", ".join((*sheet.order.trackers, *sheet.order.webseeds))),
    )
    return tuple((label, value) for label, value in terms if value)


def rows(found: tuple[Finding, ...]) -> tuple[Row, ...]:
    """One row for each check; further places are counted."""
    return tuple(
        Row(str(first.severity), first.check, first.path, first.message, more)
        for first, more in by_check(found)
    )
