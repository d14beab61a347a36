"""The verifier page as people use it: words, phones, keyboards, no network, slow browsers."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import browser
import damage
import pytest
import sealed
from reader import PAGE, check, choose, spoken, until

from packager import pins, words
from packager.values import Language

pytestmark = [pytest.mark.tool, pytest.mark.slow]


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
