"""Render what a plan asks for: the film and the files beside it."""

from fractions import Fraction
from pathlib import Path

from packager import files, film, picture, render, subtitles, typeset
from packager.disguise.base import Part, PartKind, Plan, Readme
from packager.film import Film, Materials
from packager.pack.work import Work
from packager.report import Text
from packager.subtitles import Cue
from packager.values import Language

REMAINS = (
    "what no program can remove: faces, voices, the sensor's noise, reflections, places and"
    " writing in the picture, watermarks of the camera"
)
_POSTER_SIZE = (1000, 1500)
_CUE = 6000  # milliseconds an address stays


def materials(work: Work, cover: Path | None) -> Materials:
    """All that the plan of the film asks for."""
    plan = work.plan
    return Materials(
        media=work.source.media,
        facts=work.facts,
        scripts=tuple(_script(plan, part) for part in plan.parts),
        backdrop=picture.backdrop(plan.poster, plan.frame),
        cover=cover,
        cover_facts=work.cover,
        subtitles=_tracks(work),
    )


def write_texts(
    work: Work, made: Film, folder: Path, bench: Path, checks: render.Checks
) -> dict[str, str]:
    """Write poster, ReadMe and NFO; what each text outside the report says, by path."""
    plan = work.plan
    outside: dict[str, str] = {}
    if plan.poster_file:
        backdrop = picture.backdrop(plan.poster, _POSTER_SIZE)
        script = typeset.poster(plan.poster, _POSTER_SIZE)
        data = film.poster_jpeg(backdrop, script, _POSTER_SIZE, bench)
        files.write_atomic(folder / plan.poster_file, data)
    if plan.readme_file:
        full = work.options.readme is Readme.FULL
        text = render.readme(plan, work.notice, work.source.report, full=full, checks=checks)
        files.write_atomic(folder / plan.readme_file, text)
        if not full:
            outside[plan.readme_file] = text.decode("utf-8-sig")
    if plan.nfo_file:
        nfo = render.nfo(plan, _nfo_facts(work, made, folder))
        files.write_atomic(folder / plan.nfo_file, nfo)
        outside[plan.nfo_file] = nfo.decode("utf-8-sig")
    return outside


def _script(plan: Plan, part: Part) -> str | None:
    if part.kind is PartKind.POSTER:
        return typeset.poster(plan.poster, plan.frame)
    if part.pages:
        return typeset.pages(part.pages, plan.frame, part.seconds or Fraction(1), plan.language)
    return None


def _tracks(work: Work) -> tuple[tuple[Language, tuple[Cue, ...]], ...]:
    """Subtitles of each language that has some, with sources and addresses behind them.

    Download filters drop text files, so the message stands inside the film too.
    """
    length = int(sum((fact.duration for fact in work.facts), Fraction(0)) * 1000)
    tracks: list[tuple[Language, tuple[Cue, ...]]] = []
    for language, cues in work.source.subtitles:
        text = next(t for t in work.source.report.texts if t.language == language)
        tracks.append((language, (*_before(cues, length), *_last(text, length))))
    return tuple(tracks)


def _before(cues: tuple[Cue, ...], end: int) -> tuple[Cue, ...]:
    return tuple(cue for cue in cues if cue.start < end)


def _last(text: Text, start: int) -> tuple[Cue, ...]:
    """One cue for each source, link and tool while the end card shows."""
    said = [*text.sources, *(f"{link.label}: {link.url}" for link in (*text.links, *text.tools))]
    return tuple(
        Cue(start + at * _CUE, start + (at + 1) * _CUE, subtitles.plain_lines(line))
        for at, line in enumerate(said)
    )


def _nfo_facts(work: Work, made: Film, folder: Path) -> dict[str, str]:
    size = (folder / work.plan.media).stat().st_size
    minutes, seconds = divmod(int(made.duration), 60)
    names = sorted({str(language) for language, _ in work.source.subtitles})
    return {
        "runtime": f"{minutes} min {seconds:02} s",
        "size": f"{size / 2**20:.1f} MiB",
        "subtitles": ", ".join(names) or "none",
    }
