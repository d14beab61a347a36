"""What a reader does on the verifier page, and what it shows, in a tab of Chromium."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sealed
from browser import Chromium

from packager import page, verify, words

PAGE = Path(__file__).parents[1] / "templates" / "page" / page.NAME
PATIENCE = 90.0  # seconds; scripts that are not compiled are slow
CORPUS = """const corpus = { type: "file", multiple: true, id: "corpus" };
document.body.append(Object.assign(document.createElement("input"), corpus));"""
JUDGE = """(async (line) => {
  const pins = await packager.parsePins(line);
  const watch = { stopped: false, think() {}, step() {} };
  const answers = [];
  for (const file of document.querySelector("#corpus").files) {
    const found = await packager.judge([{ path: file.name, file }], pins, watch);
    const { piecesOk, pieces, alteredAt, extraBytes } = found.files[0];
    const degree = [piecesOk, pieces, alteredAt, extraBytes];
    answers.push([file.name, found.verdict, found.reason, ...degree]);
  }
  return answers;
})"""
SHOWN = """(() => {
  const box = document.querySelector("#result");
  const of = (id) => [...document.querySelectorAll(id + " li")].map((one) => ({ ...one.dataset }));
  return { ...box.dataset, text: box.innerText, files: of("#judged"), missing: of("#missing"),
           focus: document.activeElement.id };
})()"""


def spoken(desk: sealed.Desk) -> str:
    return words.spell(desk.publisher.pin.words)


def judged(paths: Sequence[Path], desk: sealed.Desk) -> list[list[object]]:
    """What the command says of each, in the form of ``JUDGE``."""
    rows: list[list[object]] = []
    for path in paths:
        one = verify.release(path, desk.home.pins()).files[0]
        verdict, reason = str(one.verdict), str(one.reason)
        degree = [one.pieces_ok, one.pieces, one.altered_at, one.extra_bytes]
        rows.append([path.name, verdict, reason, *degree])
    return rows


def check(tab: Chromium, typed: str, *, waits: bool = True) -> dict[str, Any]:
    """Type the words, press the button, read what the page shows."""
    tab.run(
        f"(box => {{ box.value = {json.dumps(typed)}; box.oninput(); }})"
        "(document.querySelector('#words')), document.querySelector('#form').requestSubmit()"
    )
    if waits:
        until(tab, "!document.querySelector('#result').hidden", PATIENCE)
    shown: dict[str, Any] = tab.run(SHOWN)
    return shown


def choose(tab: Chromium, selector: str, paths: Sequence[Path]) -> None:
    tab.run("document.querySelector('#chosen').textContent = ''")
    tab.choose(selector, paths)
    chosen(tab)


def chosen(tab: Chromium) -> None:
    until(tab, "document.querySelector('#chosen').textContent")


def until(tab: Chromium, condition: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not tab.run(f"Boolean({condition})"):
        assert time.monotonic() < deadline, condition
        time.sleep(0.02)
