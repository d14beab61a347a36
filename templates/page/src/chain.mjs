// Key statements: the paper key's signed word about which daily keys hold (docs/seal.md part 5).

import { sha256 } from "@noble/hashes/sha2.js";
import { equal, fromHex, text } from "./bytes.mjs";
import { isObject, parse as parseJson } from "./canonical.mjs";
import { point } from "./ed25519.mjs";
import { Forged, NewerFormat } from "./errors.mjs";
import { STATEMENT, verifies } from "./sshsig.mjs";

const MAX_BYTES = 64 * 1024;
const MAX_KEYS = 64;
const STATES = ["active", "retired", "lost", "stolen"];
const FIELDS = "keys next number pointer previous root v";

// A list of statements that satisfies rules 1 to 3; Forged for any defect.
export function parse(data) {
  const items = parseJson(data, MAX_BYTES);
  if (!Array.isArray(items) || !items.length) throw malformed();
  const links = items.map(parseLink);
  links.forEach((link, at) => checkLink(links[at - 1], link, at + 1));
  return links;
}

export const firstRoot = (chain) => chain[0].root;

// What the last statement that names `key` says of it; null if none ever did.
export function stateOf(chain, key) {
  for (const link of [...chain].reverse()) {
    const named = link.keys.find((one) => equal(one.key, key));
    if (named) return named.state;
  }
  return null;
}

function parseLink(item) {
  const signature = fieldsOf(item, "signature statement").signature;
  if (typeof item.statement !== "string") throw malformed();
  const bytes = text(item.statement);
  const value = fieldsOf(parseJson(bytes, MAX_BYTES), FIELDS);
  if (Number.isInteger(value.v) && value.v > 1) {
    throw new NewerFormat("a key statement has a newer format");
  }
  if (value.v !== 1 || !Number.isInteger(value.number) || !Array.isArray(value.keys))
    throw malformed();
  if (value.keys.length > MAX_KEYS) throw malformed();
  publicKey(value.pointer);
  return {
    bytes,
    signature: bytesOf(signature, 64),
    number: value.number,
    root: publicKey(value.root),
    next: bytesOf(value.next, 32),
    previous: value.previous === "" ? new Uint8Array() : bytesOf(value.previous, 32),
    keys: value.keys.map(parseKey),
  };
}

function parseKey(item) {
  const { key, state } = fieldsOf(item, "key state");
  if (!STATES.includes(state)) throw malformed();
  return { key: publicKey(key), state };
}

function checkLink(before, link, number) {
  const previous = before ? sha256(before.bytes) : new Uint8Array();
  if (link.number !== number || !equal(link.previous, previous)) {
    throw new Forged("the key statements do not follow each other (rule 1)");
  }
  const same = !before || equal(link.root, before.root);
  if (!same && !equal(sha256(link.root), before.next)) {
    throw new Forged("a paper key that nobody committed to (rule 3)");
  }
  if (!verifies(link.root, STATEMENT, link.bytes, link.signature)) {
    throw new Forged("a key statement is not signed by its paper key (rule 2)");
  }
}

// Exactly these fields, no more and no fewer.
export function fieldsOf(value, names) {
  if (!isObject(value) || Object.keys(value).sort().join(" ") !== names) throw malformed();
  return value;
}

export function publicKey(string) {
  const raw = bytesOf(string, 32);
  if (!point(raw)) throw new Forged("these 32 bytes are not an Ed25519 key");
  return raw;
}

export function bytesOf(string, size) {
  const data = fromHex(string, size);
  if (!data) throw malformed();
  return data;
}

const malformed = () => new Forged("a record is not in the form it must have");
