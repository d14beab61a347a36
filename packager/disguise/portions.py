"""Share reports out over the films of one release: a report each, or the pieces of a lone one."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from packager.disguise import filmed
from packager.disguise.base import Notice, Options, Story
from packager.disguise.items import FilmItem, Part, Poster
from packager.values import RelativePath


@dataclass(frozen=True, slots=True)
class Portion:
    """What one film shows of story number ``story``."""

    story: int
    parts: tuple[Part, ...]


def whole(stories: Sequence[Story], notice: Notice, options: Options) -> tuple[Portion, ...]:
    """Each report in one piece."""
    return tuple(
        Portion(number, filmed.story_parts(story, notice, options))
        for number, story in enumerate(stories)
    )


def pieces(portion: Portion, least: Fraction) -> tuple[Portion, ...]:
    """Each film of the report by itself, and its sections gathered to ``least`` seconds or more.

    What is left over at the end joins the piece before it.
    """
    made: list[tuple[Part, ...]] = []
    gathered: tuple[Part, ...] = ()
    for part in portion.parts:
        if not part.slides:
            made += [gathered] if gathered else []
            made.append((part,))
            gathered = ()
            continue
        gathered = (*gathered, part)
        if _seconds(gathered) >= least:
            made.append(gathered)
            gathered = ()
    if gathered and made and made[-1][-1].slides:
        made[-1] += gathered
    elif gathered:
        made.append(gathered)
    return tuple(Portion(portion.story, parts) for parts in made)


def copied(portion: Portion, options: Options) -> bool:
    """Whether there is a camera's picture in it to keep; screens are always drawn."""
    return options.copy and any(not part.slides for part in portion.parts)


def film_item(
    portion: Portion,
    stem: str,
    look: tuple[Poster, bytes],
    stories: Sequence[Story],
    notice: Notice,
    options: Options,
) -> FilmItem:
    """The film of ``portion`` at ``stem`` without its ending; ``look`` is poster and seed."""
    story = stories[portion.story]
    container = filmed.container(options)
    parts = filmed.wrapped(portion.parts, story, notice, options, portion.story)
    poster, seed = look
    return FilmItem(
        path=RelativePath(f"{stem}.{container}"),
        container=container,
        language=story.report.main.language,
        seed=seed,
        frame=filmed.frame(story, options),
        copy=copied(portion, options),
        parts=parts,
        chapters=filmed.chapters(parts, notice),
        poster=poster,
        story=portion.story if len(stories) > 1 else None,
    )


def _seconds(parts: tuple[Part, ...]) -> Fraction:
    return sum((part.seconds or Fraction(0) for part in parts), Fraction(0))
