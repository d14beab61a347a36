// Is this file, or this folder, what a trusted publisher sealed? The same answers as
// packager/verify.py; docs/seal.md part 8 has the closed list of reasons.

import { sha256 } from "@noble/hashes/sha2.js";
import { leaves as hashLeaves, read, reader } from "./blocks.mjs";
import { equal, latin } from "./bytes.mjs";
import { stateOf } from "./chain.mjs";
import { HEAD, kindOf, roomOf, unarmour } from "./container/index.mjs";
import { ForeignKey, Forged, NewerFormat, StolenKey } from "./errors.mjs";
import { BLOCK, layer, root } from "./merkle.mjs";
import { compare, isSafePath, printable } from "./names.mjs";
import * as safety from "./safety.mjs";
import { MAX_PAYLOAD, MIN_PAYLOAD, check, pieceCount, unlock } from "./seal.mjs";

const MAX_TRIES = 16;
const MAX_FILES = 100_000;
const GENUINE = "genuine";
const NOT_GENUINE = "not-genuine";
const CANNOT_TELL = "cannot-tell";

// `facts` fill the sentence that the page shows for the reason.
const result = (path, verdict, reason, more = {}) => ({
  path,
  verdict,
  reason,
  piecesOk: 0,
  pieces: 0,
  alteredAt: null,
  extraBytes: 0,
  seal: null,
  pin: null,
  keyState: null,
  facts: {},
  ...more,
});

// One file by its own seal, whatever its name is.
export async function judgeFile(file, path, pins, watch) {
  const name = printable(path);
  const kind = kindOf(await read(file, 0, HEAD));
  if (!kind) return result(name, CANNOT_TELL, "no-container-for-a-seal");
  const readAt = reader(file);
  const layout = await kind.walk(readAt, file.size);
  for (const slot of await candidates(readAt, file.size, kind, layout)) {
    const opened = unlock(
      await payloadOf(file, kind, slot),
      pins.map((one) => one.value),
    );
    if (opened) {
      const pin = pins.find((one) => equal(one.value, opened.value));
      return { ...(await judgeOpened(file, name, slot, opened, watch)), pin };
    }
  }
  return result(name, CANNOT_TELL, await unopened(file, kind, layout));
}

// The skippable elements from the last one back, then what stands at the very tail.
async function candidates(readAt, size, kind, layout) {
  const slots = layout.slots.slice(-MAX_TRIES).reverse();
  const spare = await kind.atTail(readAt, size, roomOf(kind, MAX_PAYLOAD));
  const known = (one) => one.start === spare.start && one.length === spare.length;
  return spare && !slots.some(known) ? [...slots, spare] : slots;
}

// What a payload could be; empty where nothing of the right size and spelling stands.
async function payloadOf(file, kind, { start, length }) {
  const fits = length >= roomOf(kind, MIN_PAYLOAD) && length <= roomOf(kind, MAX_PAYLOAD);
  if (!fits || start + length > file.size) return new Uint8Array();
  const body = await read(file, start, length);
  return (kind.armoured ? unarmour(body) : body) || new Uint8Array();
}

async function unopened(file, kind, { slots, end }) {
  const last = slots[slots.length - 1];
  const ends = end === file.size && last && last.start + last.length + last.suffix === file.size;
  const could = ends && (await payloadOf(file, kind, last)).length;
  return could ? "no-trusted-words-open-it" : "tail-gone-or-never-sealed";
}

async function judgeOpened(file, name, slot, opened, watch) {
  let seal;
  try {
    seal = await check(opened, watch.think);
  } catch (error) {
    if (error instanceof NewerFormat) return result(name, CANNOT_TELL, "newer-format");
    if (error instanceof Forged) return result(name, NOT_GENUINE, forgery(error));
    throw error;
  }
  const found =
    (await behind(file, name, slot, seal)) ||
    (await comparePrefix(file, name, slot.start, seal, watch));
  return { ...found, keyState: stateOf(seal.chain, seal.manifest.signer) };
}

// What is wrong behind the payload: bytes too many, too few, or others; null if nothing.
async function behind(file, name, { start, length, suffix }, seal) {
  const after = file.size - start - length - suffix;
  const extra = { extraBytes: after, facts: { count: after } };
  if (after > 0) return result(name, NOT_GENUINE, "bytes-after-the-seal", { seal, ...extra });
  if (after < 0) return result(name, CANNOT_TELL, "tail-gone-or-never-sealed", { seal });
  const actual = await read(file, start + length, suffix);
  const same = equal(sha256(actual), seal.manifest.suffix);
  return same ? null : result(name, NOT_GENUINE, "altered", { seal, alteredAt: start + length });
}

function forgery(error) {
  if (error instanceof StolenKey) return "key-stolen";
  return error instanceof ForeignKey ? "another-publishers-key" : "seal-altered";
}

async function comparePrefix(file, name, length, seal, watch) {
  const { piece, prefixLength, prefixRoot } = seal.manifest;
  const leaves = await hashLeaves(file, length, watch);
  const pieces = Math.max(1, pieceCount(prefixLength, piece));
  if (length === prefixLength && equal(root(leaves), prefixRoot)) {
    return result(name, GENUINE, "complete", { seal, pieces, piecesOk: pieces });
  }
  const actual = layer(leaves, piece / BLOCK);
  const both = Math.min(actual.length, seal.layer.length);
  const good = actual.slice(0, both).map((node, at) => equal(node, seal.layer[at]));
  const piecesOk = good.filter(Boolean).length;
  if (piecesOk === 0 && (pieces > 1 || length !== prefixLength)) {
    return result(name, NOT_GENUINE, "moved-from-another-file", { seal, pieces });
  }
  const first = good.includes(false) ? good.indexOf(false) : good.length;
  const alteredAt = first * piece;
  const facts = { right: piecesOk, total: pieces, at: alteredAt };
  return result(name, NOT_GENUINE, "altered", { seal, pieces, piecesOk, alteredAt, facts });
}

// A folder that travels: [{path, file}]. It takes the verdict of its worst file.
export async function judgeFolder(given, pins, watch) {
  const entries = await withoutLitter(travelling(given));
  entries.sort((a, b) => compare(a.path, b.path));
  const unsafe = entries.find((entry) => !isSafePath(entry.path));
  if (unsafe || entries.length > MAX_FILES) {
    const facts = { path: printable(unsafe ? unsafe.path : "") };
    return whole(NOT_GENUINE, "unsafe-extra-file", [], [], [], facts);
  }
  const results = new Map();
  for (const { path, file } of entries) results.set(path, await judgeFile(file, path, pins, watch));
  const { listed, proved } = told(results);
  const there = new Set(entries.map((entry) => entry.path));
  const extra = [];
  for (const entry of entries) {
    const found = results.get(entry.path);
    if (found.reason !== "no-container-for-a-seal" || proved.has(entry.path)) continue;
    const sibling = listed.get(entry.path);
    if (!sibling) extra.push(entry.path);
    const judged = sibling
      ? await judgeSibling(entry, sibling, watch)
      : await judgeExtra(entry, found, (name) => there.has(name));
    results.set(entry.path, judged);
  }
  const isUnsafe = (path) => results.get(path).reason === "unsafe-extra-file";
  const present = new Set([...results.keys(), ...proved]);
  const missing = [...listed.keys()].filter((path) => !present.has(path)).sort(compare);
  return worst([...results.values()], listed.size ? extra : extra.filter(isUnsafe), missing);
}

// Without what macOS and Windows drop into folders that people only look at, and without padding.
async function withoutLitter(entries) {
  const kept = [];
  let padded = entries.some(({ path }) => safety.paddingSize(path) !== null);
  for (const entry of entries) {
    const inside = entry.path.startsWith(".pad/");
    if (inside && !(await isPadding(entry))) padded = false;
  }
  for (const entry of entries) {
    if (padded && entry.path.startsWith(".pad/")) continue;
    const magic = safety.litterMagic(entry.path.split("/").pop());
    const head = magic ? await read(entry.file, 0, magic.length) : null;
    if (!head || !equal(head, latin(magic))) kept.push(entry);
  }
  return kept;
}

async function isPadding({ path, file }) {
  const size = safety.paddingSize(path);
  if (size !== file.size || size > safety.MAX_PICTURE) return false;
  return (await read(file, 0, size)).every((byte) => byte === 0);
}

// What the seals that opened say of each other.
function told(results) {
  const listed = new Map();
  const proved = new Set();
  for (const [path, { seal }] of results) {
    if (!seal) continue;
    for (const sibling of seal.manifest.siblings) listed.set(sibling.path, sibling);
    proved.add(seal.manifest.path).add(path);
  }
  return { listed, proved };
}

// NAME/NAME where NAME/NAME.torrent stands beside it; otherwise everything below the folder.
function travelling(given) {
  const tops = new Set(given.map((entry) => entry.path.split("/")[0]));
  const [top] = tops;
  if (tops.size !== 1 || !given.every((entry) => entry.path.includes("/"))) return [...given];
  const inside = given.map(({ path, file }) => ({ path: path.slice(top.length + 1), file }));
  const inner = inside.filter((entry) => entry.path.startsWith(`${top}/`));
  if (!inner.length || !inside.some((entry) => entry.path === `${top}.torrent`)) return inside;
  return inner.map(({ path, file }) => ({ path: path.slice(top.length + 1), file }));
}

async function judgeSibling({ path, file }, stated, watch) {
  const fits =
    file.size === stated.length &&
    equal(root(await hashLeaves(file, file.size, watch)), stated.root);
  const pieces = { pieces: 1, piecesOk: fits ? 1 : 0, facts: { sibling: true } };
  return result(
    printable(path),
    fits ? GENUINE : NOT_GENUINE,
    fits ? "complete" : "altered",
    pieces,
  );
}

async function judgeExtra({ path, file }, found, exists) {
  const head = await read(file, 0, safety.HEAD);
  const tail = await read(file, Math.max(0, file.size - safety.TAIL), safety.TAIL);
  const unsafe =
    safety.refuses(path, file.size, head, tail) ||
    (await safety.holdsMore(path, await read(file, 0, file.size), exists));
  if (!unsafe) return found;
  const facts = { path: printable(path) };
  return result(facts.path, NOT_GENUINE, "unsafe-extra-file", { facts });
}

function worst(results, extra, missing) {
  const shown = extra.map(printable);
  const rank = (one) => (one.seal ? 0 : 2) + (one.reason === "no-container-for-a-seal" ? 1 : 0);
  const judged = results
    .filter((one) => !shown.includes(one.path) || one.reason === "unsafe-extra-file")
    .sort((a, b) => rank(a) - rank(b)); // films first
  for (const verdict of [NOT_GENUINE, CANNOT_TELL, GENUINE]) {
    const one = judged.find((each) => each.verdict === verdict);
    if (one) return whole(verdict, one.reason, results, shown, missing.map(printable), one.facts);
  }
  return whole(
    CANNOT_TELL,
    "tail-gone-or-never-sealed",
    results,
    shown,
    missing.map(printable),
    {},
  );
}

const whole = (verdict, reason, files, extra, missing, facts) => ({
  verdict,
  reason,
  files,
  extra,
  missing,
  facts,
  sealed: files.find((one) => one.seal) || null,
});

// What the reader chose: one file stands for itself, several or a folder for a release.
export async function judge(entries, pins, watch) {
  if (entries.length > 1 || entries[0].path.includes("/")) return judgeFolder(entries, pins, watch);
  const one = await judgeFile(entries[0].file, entries[0].path, pins, watch);
  return whole(one.verdict, one.reason, [one], [], [], one.facts);
}
