"""The verifier page in a real Chromium, from the disk: the same answers as the command."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import browser
import damage
import pytest
import sealed

from packager import chain as chains
from packager import pins, seal, verify, words
from packager.chain import State
from packager.publisher import paper
from packager.values import Language
from packager.verify import Result

PAGE = Path(__file__).parents[1] / "templates" / "page" / "verify.html"
VECTORS = Path(__file__).with_name("vectors") / "ed25519"
PATIENCE = 90.0  # seconds; scripts that are not compiled are slow
pytestmark = [pytest.mark.tool, pytest.mark.slow]

JUDGE = """(async (line) => {
  const pins = await packager.parsePins(line);
  const watch = { stopped: false, think() {}, step() {} };
  const answers = [];
  for (const file of document.querySelector("#corpus").files) {
    const found = await packager.judge([{ path: file.name, file }], pins, watch);
    const { piecesOk, pieces } = found.files[0];
    answers.push([file.name, found.verdict, found.reason, piecesOk, pieces]);
  }
  return answers;
})"""
VERIFY = """((cases) => {
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  return cases.map((one) => packager.verifies(...one.map(bytes)));
})"""
SHOWN = """(() => {
  const box = document.querySelector("#result");
  const of = (id) => [...document.querySelectorAll(id + " li")].map((one) => ({ ...one.dataset }));
  return { ...box.dataset, text: box.innerText, files: of("#judged"), missing: of("#missing"),
           focus: document.activeElement.id };
})()"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[browser.Chromium]:
    with browser.chromium() as found:
        yield found


@pytest.fixture
def tab(chromium: browser.Chromium) -> browser.Chromium:
    chromium.events.clear()
    chromium.open(PAGE)
    return chromium


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> sealed.Desk:
    return sealed.desk(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk) -> list[Path]:
    parent = tmp_path_factory.mktemp("releases")
    for suffix in sealed.SUFFIXES:
        sealed.release(parent / suffix, desk, suffix)
    return [parent / suffix for suffix in sealed.SUFFIXES]


@pytest.fixture(scope="module")
def corpus(
    tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk, releases: list[Path]
) -> list[Path]:
    parent = tmp_path_factory.mktemp("corpus")
    stranger = sealed.desk(parent / "stranger", "stranger")
    sealed.release(parent / "foreign", stranger, "mkv")
    value = desk.publisher.pin.words
    return damage.lone_files(parent / "files", releases, value, parent / "foreign")


def spoken(desk: sealed.Desk) -> str:
    return words.spell(desk.publisher.pin.words)


def check(tab: browser.Chromium, typed: str, *, waits: bool = True) -> dict[str, Any]:
    """Type the words, press the button, read what the page shows."""
    tab.run(
        f"(box => {{ box.value = {json.dumps(typed)}; box.oninput(); }})"
        "(document.querySelector('#words')), document.querySelector('#form').requestSubmit()"
    )
    if waits:
        until(tab, "!document.querySelector('#result').hidden", PATIENCE)
    shown: dict[str, Any] = tab.run(SHOWN)
    return shown


def choose(tab: browser.Chromium, selector: str, paths: list[Path]) -> None:
    tab.run("document.querySelector('#chosen').textContent = ''")
    tab.choose(selector, paths)
    chosen(tab)


def chosen(tab: browser.Chromium) -> None:
    until(tab, "document.querySelector('#chosen').textContent")


def until(tab: browser.Chromium, condition: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not tab.run(f"Boolean({condition})"):
        assert time.monotonic() < deadline, condition
        time.sleep(0.02)


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
    tab.run(
        "document.body.append(Object.assign(document.createElement('input'),"
        " {type: 'file', multiple: true, id: 'corpus'})), 0"
    )
    tab.choose("#corpus", corpus)
    answers = tab.run(f"{JUDGE}({json.dumps(desk.publisher.pin.line)})")

    ours = []
    for path in corpus:
        one = verify.release(path, desk.home.pins()).files[0]
        verdict, reason = str(one.verdict), str(one.reason)
        ours.append([path.name, verdict, reason, one.pieces_ok, one.pieces])
    assert [pair for pair in zip(answers, ours, strict=True) if pair[0] != pair[1]] == []
    assert {row[2] for row in ours} >= {
        "complete", "altered", "moved-from-another-file", "bytes-after-the-seal", "seal-altered",
        "no-trusted-words-open-it", "tail-gone-or-never-sealed", "newer-format",
        "no-container-for-a-seal",
    }  # fmt: skip


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


def test_words_in_any_of_its_lists_digits_and_pin_lines(
    tab: browser.Chromium, releases: list[Path], desk: sealed.Desk
) -> None:
    pin = desk.publisher.pin
    film = damage.film_in(releases[0])
    persian = words.digits(pin.words).translate({48 + n: 0x6F0 + n for n in range(10)})
    lists = ("english", "russian", "spanish", "chinese_simplified")
    ways = [words.spell(pin.words, name) for name in lists]
    ways += [ways[0].upper(), ways[3].replace(" ", ""), words.digits(pin.words), persian]
    ways += [pin.line, pins.Pin("desk", pin.words).line, f"# mine\n{pin.line}\n"]
    for typed in ways:
        choose(tab, "#files", [film])
        assert check(tab, typed)["verdict"] == "genuine", typed
        assert "2026-05-31" in tab.run("document.querySelector('#facts').innerText")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda w: w.replace("remember", "remembre"), "Did you mean: remember"),
        (lambda w: w.replace("remember", "qqqqqqqq"), "is in no list"),
        (lambda w: w.rpartition(" ")[0], "7 words were typed"),
        (lambda _: "1234 5678", "8 digits were typed"),
        (lambda _: "1" * 28, "do not fit together"),
        (lambda w: f"desk ssh-ed25519 AAAA {w}", "not an ssh-ed25519 key"),
        (lambda w: f"desk words {w} more", "9 words were typed"),
        (lambda w: w.replace("remember", "манера"), "come from two lists"),
    ],
)
def test_a_slip_in_the_words_is_named(
    tab: browser.Chromium,
    releases: list[Path],
    desk: sealed.Desk,
    spoil: Callable[[str], str],
    said: str,
) -> None:
    choose(tab, "#files", [damage.film_in(releases[0])])
    shown = check(tab, spoil(spoken(desk)), waits=False)
    until(tab, f"document.querySelector('#words-note').innerText.includes({json.dumps(said)})")
    assert "verdict" not in shown
    assert shown["focus"] == "words"
    assert tab.run("document.querySelector('#words').getAttribute('aria-invalid')") == "true"


def test_a_pin_line_whose_words_are_anothers_is_refused(
    tab: browser.Chromium, releases: list[Path], desk: sealed.Desk
) -> None:
    choose(tab, "#files", [damage.film_in(releases[0])])
    name, kind, key = desk.publisher.pin.line.split()[:3]
    check(tab, f"{name} {kind} {key} {words.spell(words.Words(bytes(11)))}", waits=False)
    until(tab, "document.querySelector('#words-note').innerText.includes('do not belong')")


def test_names_of_files_stay_text(tab: browser.Chromium, tmp_path: Path) -> None:
    evil = tmp_path / "a\u202e<img src=x onerror=alert(1)>.txt"
    evil.write_text("x\n", encoding="utf-8")
    choose(tab, "#files", [evil, evil])
    check(tab, "")
    assert tab.run("document.querySelectorAll('img').length") == 0
    assert "\\u202e" in tab.run("document.querySelector('#result').innerText")
    assert "\u202e" not in tab.run("document.body.innerText")


@pytest.mark.parametrize("language", list(Language))
def test_each_language_fits_a_phone_and_names_its_controls(
    tab: browser.Chromium, releases: list[Path], desk: sealed.Desk, language: Language
) -> None:
    choose(tab, "#folder", [releases[0]])
    tab.resize(360, 740, touch=True)
    tab.run(
        "(box => { box.value = " + json.dumps(str(language)) + "; box.onchange(); })"
        "(document.querySelector('#language'))"
    )
    assert check(tab, spoken(desk))["verdict"] == "genuine"
    html = "document.documentElement"
    assert tab.run(f"{html}.scrollWidth") <= 360
    assert tab.run(f"{html}.lang") == language
    assert tab.run(f"{html}.dir") == ("rtl" if language.right_to_left else "ltr")
    sizes = tab.run(
        "[...document.querySelectorAll('.button, select, textarea')].filter(b => b.offsetParent)"
        ".map(b => b.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44, "too small for a finger"
    tree = tab.send("Accessibility.getFullAXTree")["nodes"]
    for node in tree:
        role = node.get("role", {}).get("value")
        if role in {"button", "textbox", "combobox", "heading"} and not node["ignored"]:
            assert node["name"]["value"].strip(), node


def test_the_browsers_language_is_taken(chromium: browser.Chromium) -> None:
    chromium.open(PAGE, locale="fa-IR")
    assert chromium.run("document.documentElement.lang") == "fa"


def test_the_keyboard_reaches_everything_in_order(tab: browser.Chromium) -> None:
    order = []
    for _ in range(6):
        for kind in ("keyDown", "keyUp"):
            tab.send("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)
        order.append(tab.run("document.activeElement.id"))
    assert order[:5] == ["language", "files", "folder", "words", "check"]


def test_it_stops_when_told(tab: browser.Chromium, tmp_path: Path, desk: sealed.Desk) -> None:
    large = tmp_path / "large"
    large.mkdir()
    sealed.release(large / "r", desk, "mp4", film=sealed.film_bytes("mp4") + padded(64 << 20))
    choose(tab, "#files", [damage.film_in(large / "r")])
    tab.run(
        "setInterval(() => document.querySelector('#stop').offsetParent"
        " && document.querySelector('#stop').click(), 1)"
    )
    check(tab, spoken(desk), waits=False)
    until(tab, "document.querySelector('#live').textContent.startsWith('Stopped.')")
    assert tab.run("document.querySelector('#result').hidden")


def padded(size: int) -> bytes:
    """An MP4 box of that many zeros."""
    return (size + 8).to_bytes(4, "big") + b"mdat" + bytes(size)


def test_it_asks_the_network_for_nothing_and_keeps_nothing(
    tab: browser.Chromium, releases: list[Path], desk: sealed.Desk
) -> None:
    choose(tab, "#folder", [releases[0]])
    assert check(tab, spoken(desk))["verdict"] == "genuine"
    refused = tab.run("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")
    assert refused == "refused"
    asked = [
        event["params"]["request"]["url"]
        for event in tab.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if not url.startswith(("file:", "http://127.0.0.1:9/"))] == []
    assert tab.run("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    troubles = [e for e in tab.events if e.get("method") == "Runtime.exceptionThrown"]
    assert troubles == []


def test_without_compiled_scripts_it_still_answers(
    tmp_path: Path, releases: list[Path], desk: sealed.Desk
) -> None:
    film = Path(shutil.copy(damage.film_in(releases[0]), tmp_path / "film.mkv"))
    with browser.chromium("--js-flags=--jitless") as slow:
        slow.open(PAGE)
        assert slow.run("typeof WebAssembly") == "undefined"
        choose(slow, "#files", [film])
        assert check(slow, spoken(desk))["verdict"] == "genuine"
