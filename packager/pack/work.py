"""Everything that is decided about a release before anything is rendered."""

import hmac
from dataclasses import dataclass, replace
from hashlib import sha256

from packager import film, probe, render
from packager.disguise import DISGUISES
from packager.disguise.base import Container, Notice, Options, Plan
from packager.errors import InputRefused
from packager.keys import SecretKey
from packager.media import MediaFacts
from packager.pack.order import Order
from packager.pack.sealing import Terms
from packager.source import Source, open_source
from packager.values import canonical_json

_VARIANT = 64  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Work:
    """One release, decided and not yet made."""

    source: Source
    facts: tuple[MediaFacts, ...]
    cover: MediaFacts | None
    notice: Notice
    options: Options
    plan: Plan


def prepare(order: Order, daily: SecretKey) -> Work:
    """Open what ``order`` names, probe it, and plan the release."""
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


def terms(order: Order, work: Work) -> Terms:
    """What the seal will say besides hashes."""
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
        expires=order.expires,
    )
