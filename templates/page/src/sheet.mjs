// The answer on the page. Text from files goes in as text, escaped, inside <bdi>.

import { isolated } from "./names.mjs";
import { spell } from "./words.mjs";

const at = (id) => document.getElementById(id);

function element(tag, content, attributes = {}) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...[content].flat());
  return made;
}

const foreign = (text) => element("bdi", text);

export function show(result, voice) {
  const { say } = voice;
  const box = at("result");
  box.dataset.verdict = result.verdict;
  box.dataset.reason = result.reason;
  at("verdict").textContent = say(`verdict.${result.verdict}`);
  const lone = result.files.length === 1 ? result.files[0] : null;
  at("reason").replaceChildren(...sentences(lone || result, say));
  at("advice").textContent = say(`advice.${result.verdict}`);
  at("code").textContent = `${result.verdict}, ${result.reason}`;
  at("facts").replaceChildren(...facts(result.sealed, voice));
  at("lists").replaceChildren(...(lone && !result.missing.length ? [] : lists(result, say)));
  box.hidden = false;
}

// The reason, and what can be said more exactly.
function sentences({ reason, facts, keyState }, say) {
  const parts = [say(facts.sibling ? `sibling.${reason}` : `reason.${reason}`)];
  if (facts.total) parts.push(` ${say("degree", facts)}`);
  if (facts.count) parts.push(` ${say("count", facts)}`);
  if (facts.path) parts.push(` ${say("harmful", { path: isolated(facts.path) })}`);
  if (["retired", "lost"].includes(keyState)) parts.push(` ${say(`key.${keyState}`)}`);
  return parts;
}

function facts(sealed, { say, language }) {
  if (!sealed || !sealed.pin) return [];
  const { date, expires, serial } = sealed.seal.manifest;
  const rows = [
    ["publisher", sealed.pin.name && foreign(sealed.pin.name)],
    ["words", element("bdi", spell(sealed.pin.value, language))],
    ["date", date ? element("bdi", date) : say("no_date")],
    ["expires", expires && until(expires, say)],
    ["serial", String(serial)],
  ];
  return rows
    .filter(([, value]) => value)
    .flatMap(([key, value]) => [element("dt", say(key)), element("dd", value)]);
}

// A clock proves nothing: what is past is said, and no verdict depends on it.
function until(day, say) {
  const past = day < new Date().toISOString().slice(0, 10);
  return [element("bdi", day), past ? ` (${say("expired")})` : ""];
}

function lists({ files, extra, missing }, say) {
  const rows = files.map((one) => row(one, extra.includes(one.path), say));
  const parts = [];
  if (rows.length) parts.push(element("h3", say("files")), element("ul", rows, { id: "judged" }));
  if (missing.length) {
    const names = missing.map((path) => element("li", foreign(path), { "data-path": path }));
    parts.push(element("h3", say("missing")), element("ul", names, { id: "missing" }));
  }
  return parts;
}

function row(one, isExtra, say) {
  const harmless = isExtra && one.reason !== "unsafe-extra-file";
  const sentence = sentences({ ...one, facts: { ...one.facts, path: "" } }, say);
  const verdict = element("b", say(`verdict.${one.verdict}`));
  const said = harmless ? [say("not_part")] : [verdict, ": ", ...sentence];
  return element("li", [foreign(one.path), element("span", said, { class: "said" })], {
    "data-path": one.path,
    "data-verdict": one.verdict,
    "data-reason": one.reason,
    "data-pieces": `${one.piecesOk}/${one.pieces}`,
  });
}
