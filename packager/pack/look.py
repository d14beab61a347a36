"""Write the files that stand beside the sealed ones: poster, ReadMe, NFO."""

from pathlib import Path

from packager import files, film, picture, render, typeset
from packager.disguise.base import Readme
from packager.disguise.items import FilmItem
from packager.pack.making import Made
from packager.pack.work import Work

REMAINS = (
    "what no program can remove: faces, voices, the sensor's noise, reflections, places and"
    " writing in the picture, watermarks of the camera"
)


def write_texts(
    work: Work, made: tuple[Made, ...], folder: Path, bench: Path, checks: render.Checks
) -> None:
    """Write them into ``folder``."""
    plan = work.plan
    if plan.poster_file and not (folder / plan.poster_file).exists():
        backdrop = picture.backdrop(plan.poster, plan.poster_size)
        script = typeset.poster(plan.poster, plan.poster_size)
        data = film.poster_jpeg(backdrop, script, plan.poster_size, bench)
        files.write_atomic(folder / plan.poster_file, data)
    if plan.readme_file:
        full = work.options.readme is Readme.FULL
        reports = tuple(story.report for story in work.stories)
        text = render.readme(plan, work.notice, reports, full=full, checks=checks)
        files.write_atomic(folder / plan.readme_file, text)
    if plan.nfo_file:
        nfo = render.nfo(plan, _nfo_facts(work, made))
        files.write_atomic(folder / plan.nfo_file, nfo)


def _nfo_facts(work: Work, made: tuple[Made, ...]) -> dict[str, str]:
    size = sum(one.path.stat().st_size for one in made)
    facts = {"size": f"{size / 2**20:.1f} MiB"}
    seconds = sum(int(one.duration) for one in made)
    if seconds:
        facts["runtime"] = f"{seconds // 60} min {seconds % 60:02} s"
    if any(isinstance(one.item, FilmItem) for one in made):
        spoken = {language for source in work.sources for language, _ in source.subtitles}
        facts["subtitles"] = ", ".join(sorted(spoken)) or "none"
    return facts
