"""Turn a report into a release: sealed film, torrent, and what is handed over with them.

One straight line: open, plan, render, seal and hash, write the torrent, check, and one rename.
Until that rename everything lies in a folder that is removed whatever happens.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from packager import audit, files, film, probe, render, survey, torrent
from packager.audit import Finding
from packager.disguise import DISGUISES
from packager.disguise.base import Container, Notice, Options, Plan
from packager.errors import InputRefused
from packager.film import Film
from packager.keyring import Publisher
from packager.keys import SecretKey
from packager.media import MediaFacts
from packager.pack import handover, look
from packager.pack.order import Order
from packager.pack.sealing import Sealed, Signer, Terms, seal_folder
from packager.source import Source, open_source
from packager.torrent import InfoHashes
from packager.values import canonical_json

__all__ = ["Order", "Packed", "pack"]

Progress = Callable[[str, float], None]
_VARIANT = 64  # hexadecimal digits


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


@dataclass(frozen=True, slots=True)
class Work:
    """All that was decided about one release before rendering."""

    source: Source
    facts: tuple[MediaFacts, ...]
    cover: MediaFacts | None
    notice: Notice
    options: Options
    plan: Plan


def pack(order: Order, publisher: Publisher, daily: SecretKey, progress: Progress) -> Packed:
    """Make the release that ``order`` asks for; on any error nothing is left behind."""
    order.check()
    work = _prepare(order, daily)
    plan = work.plan
    target = order.out / plan.name
    if target.exists() or target.is_symlink():
        raise files.already_there(target)
    with files.workspace(order.out) as room:
        output, travelling, bench = _folders(room, plan)
        materials = look.materials(work, order.cover)
        made = film.make(plan, materials, bench, lambda done: progress("film", done))
        made.path.rename(travelling / plan.media)
        made = replace(made, path=travelling / plan.media)
        outside = look.write_texts(work, made, travelling, bench)
        findings = audit.of_release(plan, work.source.report, work.notice, made.starts, outside)
        _stop_on(findings, order.allowed)
        progress("seal", 0.0)
        signer = Signer(publisher.chain, daily)
        sealed = seal_folder(
            travelling, plan.media, _terms(order, work), signer, order.kind, blank=plan.copy
        )
        progress("seal", 1.0)
        data = torrent.build(
            plan.name,
            sealed.files,
            sealed.piece_length,
            sealed.sha1_pieces,
            order.kind,
            order.trackers,
            order.webseeds,
        )
        files.write_atomic(output / f"{plan.name}.torrent", data)
        _refuse_unsafe(travelling)
        sheet = handover.Sheet(plan, publisher, data, sealed, findings, made)
        handover.write(output, sheet, work.notice, bench)
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
    )


def _prepare(order: Order, daily: SecretKey) -> Work:
    source = open_source(order.source, order.bare)
    facts = tuple(probe.facts(path) for path in source.media)
    cover = probe.facts(order.cover) if order.cover else None
    notice = render.notice(source.report.main.language)
    variant = _variant(order, source, daily)
    options = replace(order.options, cover=cover is not None)
    _refuse_impossible_copy(options, facts)
    plan = DISGUISES[order.disguise](source.report, notice, facts, options, variant)
    return Work(source, facts, cover, notice, options, plan)


def _refuse_impossible_copy(options: Options, facts: tuple[MediaFacts, ...]) -> None:
    if not options.copy:
        return
    problem = film.copy_problem(facts, options.container or Container.MKV)
    if problem:
        raise InputRefused(
            f"the picture cannot be copied: {problem}", "leave --copy out: it will be encoded anew"
        )


def _variant(order: Order, source: Source, daily: SecretKey) -> bytes:
    """32 bytes that nobody without the daily key can compute, or those of a release given."""
    given = order.variant
    if given and len(given) == _VARIANT and set(given) <= set("0123456789abcdef"):
        return bytes.fromhex(given)
    asked = given if given is not None else source.fingerprint.hex()
    text = canonical_json({"disguise": order.disguise, "of": asked})
    return hmac.digest(daily.derive("variant"), text, sha256)


def _folders(room: Path, plan: Plan) -> tuple[Path, Path, Path]:
    """The output folder, the folder that travels inside it, and one for work."""
    output, bench = room / plan.name, room / "bench"
    travelling = output / plan.name
    travelling.mkdir(parents=True)
    bench.mkdir()
    return output, travelling, bench


def _terms(order: Order, work: Work) -> Terms:
    main = work.source.report.main
    others = tuple(t.language for t in work.source.report.texts if t.language != main.language)
    return Terms(
        disguise=work.plan.disguise,
        languages=(main.language, *others),
        variant=work.plan.variant,
        date=order.date or main.published,
        serial=order.serial,
        report=work.source.texts,
        audience=order.audience,
        decision=order.decision_digest(),
        allowed=tuple(sorted(set(order.allowed))),
        cover_licence=order.cover_licence,
    )


def _stop_on(findings: tuple[Finding, ...], allowed: tuple[str, ...]) -> None:
    stopping = audit.stopping(findings, allowed)
    if stopping:
        first = stopping[0]
        raise InputRefused(
            f"{first.path}: {first.message}",
            "choose another --title or --variant",
            f"if you know better: --allow {first.check}",
        )


def _refuse_unsafe(travelling: Path) -> None:
    """What we made must pass what readers and nodes check; a failure is our own mistake."""
    refused = survey.refusals(travelling)
    if refused:
        raise InputRefused(f"{refused[0].path}: {refused[0].message}")


def _notes(plan: Plan, made: Film) -> tuple[str, ...]:
    if plan.copy:
        how = "the picture was copied, not encoded anew: it matches the camera's frame for frame"
    else:
        how = "the picture was encoded anew: it plays on old devices and loses part of the traces"
    return (how, *made.notes, look.REMAINS)
