"""Everything that is decided about a release before anything is rendered."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain

from packager import film, render
from packager.audit import plans as audit
from packager.clip import Clip, clip_of
from packager.disguise import DISGUISES
from packager.disguise.base import Notice, Options, Plan, Story
from packager.disguise.items import Container, Item
from packager.errors import InputRefused
from packager.keys import SecretKey
from packager.pack.order import Order
from packager.pack.sealing import Terms
from packager.source import Source, fingerprint, open_sources
from packager.values import canonical_json

_VARIANT = 64  # hexadecimal digits
_DRAWS = 10


@dataclass(frozen=True, slots=True)
class Work:
    """One release, decided and not yet made."""

    sources: tuple[Source, ...]
    clips: tuple[tuple[Clip, ...], ...]  # the media of each source
    cover: Clip | None
    notice: Notice
    options: Options
    plan: Plan

    @property
    def stories(self) -> tuple[Story, ...]:
        """What the plan was made of."""
        return _stories(self.sources, self.clips)

    @property
    def recordings(self) -> tuple[tuple[Clip, ...], ...]:
        """The media of each source; behind them, as of one more, the cover."""
        return (*self.clips, (self.cover,)) if self.cover else self.clips

    def texts(self, item: Item) -> dict[str, str]:
        """The texts of the report that travel in the seal of ``item``, by file name."""
        if item.story is not None or len(self.sources) == 1:
            return self.sources[item.story or 0].texts
        return {
            f"{number:02}/{name}": text
            for number, source in enumerate(self.sources, start=1)
            for name, text in source.texts.items()
        }


def prepare(order: Order, daily: SecretKey | None) -> Work:
    """Open what ``order`` names, probe it, and plan the release.

    Without the daily key ``order.variant`` must be that of a release.
    """
    sources = open_sources(order.source, order.bare)
    clips = tuple(tuple(map(clip_of, source.media)) for source in sources)
    if order.options.no_audio:
        clips = tuple(tuple(map(_muted, mine)) for mine in clips)
    cover = clip_of(order.cover) if order.cover else None
    notice = render.notice(sources[0].report.main.language)
    options = replace(order.options, cover=cover is not None)
    _refuse_impossible_copy(options, clips)
    stories, variants = _stories(sources, clips), _variants(order, sources, daily)
    drawn = (DISGUISES[order.disguise](stories, notice, options, one) for one in variants)
    return Work(sources, clips, cover, notice, options, _without_its_words(drawn, stories))


def _muted(one: Clip) -> Clip:
    """The clip as if it had been filmed without a microphone."""
    if one.facts.video is None:
        raise InputRefused(
            f"{one.name} is nothing but sound, and --no-audio leaves none",
            "take it out of `media:`, or leave --no-audio out",
        )
    return replace(one, facts=replace(one.facts, audio=None))


def _stories(sources: tuple[Source, ...], clips: tuple[tuple[Clip, ...], ...]) -> tuple[Story, ...]:
    return tuple(
        Story(source.report, tuple(clip.facts for clip in mine), source.articles)
        for source, mine in zip(sources, clips, strict=True)
    )


def _refuse_impossible_copy(options: Options, clips: tuple[tuple[Clip, ...], ...]) -> None:
    if not options.copy:
        return
    facts = [clip.facts for mine in clips for clip in mine]
    problem = film.copy_problem(facts, options.container or Container.MKV)
    if problem:
        raise InputRefused(
            f"the picture cannot be copied: {problem}", "leave --copy out: it will be encoded anew"
        )


def _without_its_words(plans: Iterator[Plan], stories: tuple[Story, ...]) -> Plan:
    """The first plan whose invented names hold no word of the report; the first, if all do."""
    first = next(plans)
    return next((one for one in chain([first], plans) if not audit.named(one, stories)), first)


def _variants(
    order: Order, sources: tuple[Source, ...], daily: SecretKey | None
) -> Iterator[bytes]:
    """Each 32 bytes that nobody without the daily key can compute, or those of a release given."""
    given = order.variant
    if given and len(given) == _VARIANT and set(given) <= set("0123456789abcdef"):
        yield bytes.fromhex(given)
        return
    if daily is None:
        raise ValueError("a new variant needs the daily key")
    asked = given if given is not None else fingerprint(sources).hex()
    for draw in range(_DRAWS):
        named = {"disguise": order.disguise, "of": asked} | ({"draw": draw} if draw else {})
        yield hmac.digest(daily.derive("variant"), canonical_json(named), sha256)


def terms(order: Order, work: Work) -> Terms:
    """What the seal will say besides hashes."""
    main = work.sources[0].report.main
    spoken = (text.language for source in work.sources for text in source.report.texts)
    dates = (source.report.main.published for source in work.sources)
    return Terms(
        disguise=work.plan.disguise,
        languages=tuple(dict.fromkeys((main.language, *spoken))),
        variant=work.plan.variant,
        date=order.date or max(dates),
        serial=order.serial,
        audience=order.audience,
        decision=order.decision_digest(),
        allowed=order.overruled,
        cover_licence=order.cover_licence,
        expires=order.expires,
    )
