"""Audit a release before it is put in its place: by its plan, and by what really came out."""

from collections.abc import Sequence
from pathlib import Path

from packager import audit, evidence
from packager.audit import Finding, Release, plans
from packager.errors import InputRefused
from packager.evidence import Place, Told
from packager.pack.assembly import Folders
from packager.pack.making import Made
from packager.pack.order import Order
from packager.pack.work import Work


def planned(order: Order, work: Work) -> None:
    """Refuse what can be seen before anything is rendered."""
    _stop_on(plans.of_plan(work.plan, work.stories, work.notice), order)


def finished(
    order: Order, work: Work, made: Sequence[Made], folders: Folders, torrent: Path
) -> tuple[tuple[Finding, ...], Release]:
    """All findings of a release that lies sealed in ``folders``, and the facts behind them."""
    plan = work.plan
    told = Told(
        disguise=plan.disguise,
        languages=(plan.language,),
        reports=tuple(story.report for story in work.stories),
        no_report="",
        seen=plans.disclosed(plan, work.notice),
    )
    place = Place(folders.travelling, torrent)
    release = evidence.gather(place, told, folders.bench, timed=False)
    _refuse_unsafe(release)
    starts = {str(one.item.path): one.starts for one in made}
    found = tuple(dict.fromkeys((*plans.of_release(plan, starts), *audit.findings(release))))
    _stop_on(found, order)
    return audit.by_weight(found), release


def _refuse_unsafe(release: Release) -> None:
    """What we made must pass what readers and nodes check; a failure is our own mistake."""
    if release.refusals:
        raise InputRefused(
            release.refusals[0].message, "this is a mistake of the program: please report it"
        )


def _stop_on(found: tuple[Finding, ...], order: Order) -> None:
    stopping = audit.stopping(found, order.allowed, strict=order.strict)
    if stopping:
        first = stopping[0]
        raise InputRefused(
            f"{first.path}: {first.message}", f"if you know better: --allow {first.check}"
        )
