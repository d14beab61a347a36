// The page: what the reader does, and what it answers.

import * as choice from "./choice.mjs";
import { verifies } from "./ed25519.mjs";
import { Mistyped, Stopped } from "./errors.mjs";
import { isolated } from "./names.mjs";
import { parse as parsePins } from "./pins.mjs";
import { show } from "./sheet.mjs";
import { LANGUAGES, nameOf, preferred, speaker } from "./speech.mjs";
import { judge } from "./verify.mjs";

const at = (id) => document.getElementById(id);
const PAUSE = 400; // ms of silence after which typed words are looked at

let voice = speaker(preferred(navigator.languages || [navigator.language || "en"]));
let entries = [];
let result = null;
let watch = null;
let said = {}; // what stands in the status lines: id: [key, facts]
let timer = 0;

function start() {
  at("language").append(
    ...LANGUAGES.map((language) => {
      const option = new Option(nameOf(language), language);
      option.lang = language;
      return option;
    }),
  );
  at("language").value = voice.language;
  at("language").onchange = () => {
    voice = speaker(at("language").value);
    speak();
  };
  for (const id of ["files", "folder"]) at(id).onchange = () => choose(choice.taken(at(id)));
  at("folder").hidden = at("folder-label").hidden = !("webkitdirectory" in at("folder"));
  at("words").oninput = () => {
    forget();
    say("words-note");
    clearTimeout(timer);
    timer = setTimeout(readWords, PAUSE);
  };
  at("form").onsubmit = (event) => {
    event.preventDefault();
    check();
  };
  at("stop").onclick = () => {
    if (watch) watch.stopped = true;
  };
  listenForDrops();
  speak();
  at("main").hidden = false;
}

// Everything on the page in the chosen language.
function speak() {
  document.documentElement.lang = voice.language;
  document.documentElement.dir = voice.direction;
  document.title = voice.say("title");
  for (const one of document.querySelectorAll("[data-text]"))
    one.textContent = voice.say(one.dataset.text);
  for (const id of Object.keys(said)) say(id, ...said[id]);
  if (result) show(result, voice);
}

// Put a text into a status line; without a key, empty it.
function say(id, key, facts = {}) {
  said[id] = [key, facts];
  const filled = Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, list(fact)]),
  );
  at(id).textContent = key ? voice.say(key, filled) : "";
}

const list = (fact) => (Array.isArray(fact) ? fact.join(", ") : fact);

function choose(found) {
  if (watch || !found.length) return;
  entries = found;
  forget();
  const size = voice.size(entries.reduce((sum, entry) => sum + entry.file.size, 0));
  if (entries.length === 1) say("chosen", "chosen_one", { name: isolated(entries[0].path), size });
  else say("chosen", "chosen_many", { count: entries.length, size });
}

// A result belongs to what was chosen and typed when it was found.
function forget() {
  result = null;
  at("result").hidden = true;
}

async function readWords() {
  const typed = at("words").value;
  if (!typed.trim()) return mark("", []);
  try {
    const pins = await parsePins(typed);
    if (typed === at("words").value) mark("good", ["words_good"]);
    return pins;
  } catch (error) {
    if (!(error instanceof Mistyped)) throw error;
    if (typed === at("words").value) mark("bad", [`problem.${error.fact}`, error.facts]);
    return null;
  }
}

function mark(look, words) {
  at("words-note").className = look;
  at("words").setAttribute("aria-invalid", String(look === "bad"));
  say("words-note", ...words);
  return [];
}

async function check() {
  if (watch) return;
  if (!entries.length) {
    say("chosen", "chosen_none");
    at("files").focus();
    return;
  }
  clearTimeout(timer);
  const pins = await readWords();
  if (!pins) {
    at("words").focus();
    return;
  }
  await run(pins);
}

async function run(pins) {
  forget();
  busy(true);
  try {
    result = await judge(entries, pins, watch);
    show(result, voice);
    say("live");
  } catch (error) {
    say("live", error instanceof Stopped ? "stopped" : "unreadable");
  }
  busy(false);
  if (result) {
    at("result").scrollIntoView({ block: "start" });
    at("verdict").focus({ preventScroll: true });
  }
}

function busy(on) {
  watch = on ? watcher(entries.reduce((sum, entry) => sum + entry.file.size, 0)) : null;
  at("progress").hidden = !on;
  at("live").classList.toggle("unseen", on);
  for (const id of ["check", "files", "folder", "words"]) at(id).disabled = on;
  if (on) {
    progress("reading", 0);
    say("live", "reading", { percent: voice.percent(0) });
    at("stop").focus();
  }
}

// Told of every step; shows at most ten a second.
function watcher(total) {
  let done = 0;
  let shown = 0;
  const slowly = (key, part) => {
    if (performance.now() - shown < 100) return;
    shown = performance.now();
    progress(key, part);
  };
  return {
    stopped: false,
    think: (part) => slowly("thinking", part),
    step: (bytes) => {
      done += bytes;
      slowly("reading", total ? Math.min(1, done / total) : 1);
    },
  };
}

function progress(key, part) {
  at("bar").value = part;
  say("progress-text", key, { percent: voice.percent(part) });
}

function listenForDrops() {
  let inside = 0;
  const light = (step) => {
    inside = Math.max(0, inside + step);
    at("drop").classList.toggle("over", inside > 0);
  };
  addEventListener("dragenter", () => light(1));
  addEventListener("dragleave", () => light(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    light(-inside);
    try {
      choose(await choice.dropped(event.dataTransfer));
    } catch {
      say("chosen", "drop_failed");
    }
  });
}

start();

// For other tools and for tests: the same judge without the page around it.
globalThis.packager = Object.freeze({ judge, parsePins, verifies });
