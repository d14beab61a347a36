"""The verifier page in a real Chromium: the same answers as the command, file by file."""

import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import browser
import damage
import good
import hostile
import pytest
import sealed
from reader import CORPUS, JUDGE, check, choose, chosen, judged, spoken

from packager import chain as chains
from packager import seal, verify
from packager.chain import State
from packager.publisher import paper
from packager.values import name_problem
from packager.verify import Result

VECTORS = Path(__file__).with_name("vectors") / "ed25519"
SEALS = VECTORS.with_name("seal")
VERIFY = """((cases) => {
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  return cases.map((one) => packager.verifies(...one.map(bytes)));
})"""
pytestmark = [pytest.mark.tool, pytest.mark.slow]


@pytest.fixture(scope="module")
def corpus(
    tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk, releases: list[Path]
) -> list[Path]:
    return damage.lone_files(tmp_path_factory.mktemp("corpus"), releases, desk)


def test_every_published_edge_case_of_ed25519_as_libsodium(tab: browser.Chromium) -> None:
    def load(name: str) -> Any:  # noqa: ANN401 -- JSON of three authors
        return json.loads((VECTORS / name).read_text(encoding="utf-8"))

    cctv = [[c["key"], c["msg"].encode().hex(), c["sig"]] for c in load("cctv_ed25519.json")]
    assert (len(cctv), sum(tab.run(f"{VERIFY}({json.dumps(cctv)})"))) == (914, 43)

    speccheck = [[c["pub_key"], c["message"], c["signature"]] for c in load("speccheck_cases.json")]
    accepted = tab.run(f"{VERIFY}({json.dumps(speccheck)})")
    assert [number for number, yes in enumerate(accepted) if yes] == [3]

    tests = [
        ([group["publicKey"]["pk"], one["msg"], one["sig"]], one["result"] == "valid")
        for group in load("wycheproof_ed25519.json")["testGroups"]
        for one in group["tests"]
    ]
    assert tab.run(f"{VERIFY}({json.dumps([case for case, _ in tests])})") == [v for _, v in tests]


def test_the_same_answer_as_the_command_for_every_file(
    tab: browser.Chromium, corpus: list[Path], desk: sealed.Desk
) -> None:
    tab.run(CORPUS)
    tab.choose("#corpus", corpus)
    answers = tab.run(f"{JUDGE}({json.dumps(desk.publisher.pin.line)})")

    ours = judged(corpus, desk)
    assert [pair for pair in zip(answers, ours, strict=True) if pair[0] != pair[1]] == []
    assert {row[2] for row in ours} >= {
        "complete", "altered", "moved-from-another-file", "bytes-after-the-seal", "seal-altered",
        "no-trusted-words-open-it", "tail-gone-or-never-sealed", "newer-format",
        "no-container-for-a-seal",
    }  # fmt: skip


def test_every_vector_of_the_format_gets_its_reason(tab: browser.Chromium) -> None:
    index = json.loads((SEALS / "index.json").read_text(encoding="utf-8"))
    tab.run(CORPUS)
    tab.choose("#corpus", [SEALS / one["file"] for one in index["vectors"]])
    answers = tab.run(f"{JUDGE}({json.dumps(index['words'])})")

    wanted = [[one["file"], one["verdict"], one["reason"]] for one in index["vectors"]]
    assert [row[:3] for row in answers] == wanted


def test_a_strangers_key_under_the_desks_words(
    tab: browser.Chromium, tmp_path: Path, desk: sealed.Desk
) -> None:
    stranger = sealed.desk(tmp_path / "stranger", "stranger")
    sealed.release(tmp_path / "r", stranger, "mkv")
    film = damage.film_in(tmp_path / "r")
    data = film.read_bytes()
    _, slot = damage.slot_of(data)
    opened = seal.unlock(data[slot.start : slot.end], [stranger.publisher.pin.words])
    assert opened
    forged = damage.whitened(desk.publisher.pin.words, opened.plain)
    film.write_bytes(data[: slot.start] + forged)

    choose(tab, "#files", [film])
    shown = check(tab, spoken(desk))
    ours = verify.release(film, desk.home.pins())
    assert (shown["verdict"], shown["reason"]) == (ours.verdict, ours.reason)
    assert shown["reason"] == "another-publishers-key"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.STOLEN, "the key of this seal was stolen"),
        (State.RETIRED, "signs with another key now"),
        (State.LOST, "lost the key of this seal"),
    ],
)
def test_what_the_paper_key_says_of_the_daily_key(
    tab: browser.Chromium, tmp_path: Path, desk: sealed.Desk, state: State, said: str
) -> None:
    card = paper.parse(desk.paper_words).secret_key
    longer = chains.extend(desk.publisher.chain, card, {desk.daily.public: state})
    later = replace(desk, publisher=replace(desk.publisher, chain=longer))
    sealed.release(tmp_path / "r", later, "mkv")
    film = damage.film_in(tmp_path / "r")

    choose(tab, "#files", [film])
    shown = check(tab, spoken(desk))

    ours = verify.release(film, desk.home.pins())
    assert (shown["verdict"], shown["reason"]) == (ours.verdict, ours.reason)
    assert said in shown["text"]


@pytest.mark.parametrize(("day", "past"), [("2026-06-30", True), ("9999-12-31", False)])
def test_a_day_that_has_passed_is_said_and_changes_nothing(
    tab: browser.Chromium, tmp_path: Path, desk: sealed.Desk, day: str, *, past: bool
) -> None:
    sealed.release(tmp_path / "r", desk, "mkv", told=replace(sealed.terms(), expires=day))

    choose(tab, "#files", [damage.film_in(tmp_path / "r")])
    shown = check(tab, spoken(desk))

    assert shown["verdict"] == "genuine"
    assert day in shown["text"]
    assert ("has passed" in shown["text"]) is past


def test_the_same_answer_for_every_folder(
    tab: browser.Chromium, tmp_path: Path, releases: list[Path], desk: sealed.Desk
) -> None:
    for folder in damage.folders(tmp_path / "folders", *releases[:2]):
        choose(tab, "#folder", [folder])
        shown = check(tab, spoken(desk))
        ours = verify.release(folder, desk.home.pins())
        assert (shown["verdict"], shown["reason"]) == (ours.verdict, ours.reason), folder.name
        assert facts_of(shown) == facts(ours), folder.name
        assert shown["focus"] == "verdict"


def test_the_same_answer_for_every_unlisted_file(
    tab: browser.Chromium, tmp_path: Path, releases: list[Path], desk: sealed.Desk
) -> None:
    folder = Path(shutil.copytree(releases[0], tmp_path / "extras"))
    bare = {"srt", "vtt", "txt", "nfo", "m3u", "m3u8", "fb2", "jpg", "png"}
    made = [(sample.path, sample.make) for sample in hostile.corpus()]
    made += [(name, partial(bytes, data)) for name, data in good.files()]
    for number, (path, make) in enumerate(made):
        name = path.rpartition("/")[2]
        if name.rpartition(".")[2] in bare and name_problem(name) is None:
            place = folder / f"{number:04}"
            place.mkdir()
            (place / name).write_bytes(make())

    choose(tab, "#folder", [folder])
    shown = check(tab, spoken(desk))
    ours = verify.release(folder, desk.home.pins())

    theirs, mine = facts_of(shown)[0], facts(ours)[0]
    assert [pair for pair in zip(theirs, mine, strict=True) if pair[0] != pair[1]] == []
    assert {row[2] for row in mine} >= {"complete", "unsafe-extra-file", "no-container-for-a-seal"}
    assert len(mine) > 400


def facts(result: Result) -> tuple[list[tuple[str, str, str, str]], list[str]]:
    rows = [
        (one.path, str(one.verdict), str(one.reason), f"{one.pieces_ok}/{one.pieces}")
        for one in result.files
    ]
    return rows, list(result.missing)


def facts_of(shown: dict[str, Any]) -> tuple[list[tuple[str, str, str, str]], list[str]]:
    rows = [(r["path"], r["verdict"], r["reason"], r["pieces"]) for r in shown["files"]]
    return rows, [row["path"] for row in shown["missing"]]


def test_a_dropped_folder_is_read_whole(
    tab: browser.Chromium, releases: list[Path], desk: sealed.Desk
) -> None:
    tab.drop([releases[0]])
    chosen(tab)
    shown = check(tab, spoken(desk))
    assert (shown["verdict"], len(shown["files"])) == ("genuine", 3)
