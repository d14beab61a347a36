// The seal (docs/seal.md part 4): take the whitening off, then judge everything inside it.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { big, concat, equal, text } from "./bytes.mjs";
import { firstRoot, parse as parseChain, stateOf } from "./chain.mjs";
import { whiten } from "./chacha.mjs";
import { Forged, ForeignKey, NewerFormat, StolenKey } from "./errors.mjs";
import { parse as parseManifest } from "./manifest.mjs";
import { BLOCK, rootOfLayer } from "./merkle.mjs";
import { SEAL, verifies } from "./sshsig.mjs";
import { ofRoot } from "./words.mjs";

const VERSION = 1;
const MAGIC = text("magnitizdat-seal");
const SALT = 32;
const LENGTHS = 5;
const SIGNATURE = 64;
const HEAD = MAGIC.length + 2 + 4 * LENGTHS;
const MAX_TEXT_BYTES = 256 * 1024;
const REPORT_NAME = /^report(\.[a-z]{2,3})?\.md$/;

export const MAX_PAYLOAD = 1024 * 1024;
export const MIN_PAYLOAD = SALT + HEAD + SIGNATURE;

export const pieceCount = (length, piece) => Math.ceil(length / piece);

// {value, plain, salt} under the first of the trusted values (11 bytes each) that fits, or null.
export function unlock(payload, values) {
  if (payload.length < MIN_PAYLOAD || payload.length > MAX_PAYLOAD) return null;
  const salt = payload.subarray(0, SALT);
  const body = payload.subarray(SALT);
  for (const value of values) {
    const key = hmac(sha256, wordsKey(value), concat(text("key"), salt));
    if (equal(whiten(key, body.subarray(0, MAGIC.length)), MAGIC)) {
      return { value, plain: whiten(key, body), salt };
    }
  }
  return null;
}

// Everything that can be judged without the file itself: {manifest, chain, layer}.
export async function check({ value, plain, salt }, progress) {
  const version = big(plain.subarray(MAGIC.length, MAGIC.length + 2));
  if (version > VERSION) throw new NewerFormat("the seal has a newer format");
  if (version !== VERSION || !equal(hmac(sha256, wordsKey(value), concat(text("salt"), plain)), salt)) {
    throw new Forged("the seal itself was altered");
  }
  const [signature, manifest, chain, layer, report] = split(plain);
  const statements = parseChain(chain);
  if (!equal(await ofRoot(firstRoot(statements), progress), value)) {
    throw new ForeignKey("the seal was made with another publisher's key");
  }
  const stated = parseManifest(manifest);
  checkSigner(statements, stated.signer);
  if (!verifies(stated.signer, SEAL, manifest, signature)) {
    throw new Forged("the signature in the seal does not fit");
  }
  if (!equal(sha256(chain), stated.chain) || !equal(sha256(report), stated.report)) {
    throw new Forged("a record of the seal was exchanged");
  }
  const nodes = nodesOf(layer);
  checkLayer(stated, nodes);
  checkReport(report);
  return { manifest: stated, chain: statements, layer: nodes };
}

function split(plain) {
  let at = MAGIC.length + 2;
  const lengths = Array.from({ length: LENGTHS }, (_, n) =>
    big(plain.subarray(at + 4 * n, at + 4 * n + 4)),
  );
  at = HEAD + SIGNATURE;
  if (at + lengths.reduce((sum, length) => sum + length, 0) !== plain.length) {
    throw new Forged("the lengths in the seal do not add up");
  }
  const parts = [plain.subarray(HEAD, at)];
  for (const length of lengths) {
    parts.push(plain.subarray(at, at + length));
    at += length;
  }
  if (parts.pop().some((byte) => byte))
    throw new Forged("something hides behind the seal's records");
  return parts;
}

function checkSigner(chain, signer) {
  const state = stateOf(chain, signer);
  if (state === null) throw new ForeignKey("a key that the publisher never named");
  if (state === "stolen") throw new StolenKey("the publisher says that this key was stolen");
}

function nodesOf(layer) {
  const nodes = [];
  for (let at = 0; at < layer.length; at += 32) nodes.push(layer.subarray(at, at + 32));
  return nodes;
}

function checkLayer({ prefixLength, piece, prefixRoot }, nodes) {
  const count = pieceCount(prefixLength, piece);
  if (nodes.length !== (count > 1 ? count : 0) || nodes.some((node) => node.length !== 32)) {
    throw new Forged("the piece layer of the seal has the wrong length");
  }
  if (nodes.length && !equal(rootOfLayer(nodes, piece / BLOCK), prefixRoot)) {
    throw new Forged("the piece layer of the seal does not fit its root");
  }
}

// The report is signed and read here, though this page does not show it.
function checkReport(record) {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let before = null;
  for (let left = record; left.length;) {
    let name, body;
    [name, left] = take(left, 2);
    [body, left] = take(left, 4);
    try {
      [name, body] = [utf8.decode(name), utf8.decode(body)];
    } catch {
      throw new Forged("the report in the seal is not text");
    }
    if (!REPORT_NAME.test(name) || (before !== null && name <= before)) {
      throw new Forged("the report in the seal is not in the form it must have");
    }
    before = name;
  }
}

function take(data, width) {
  const size = big(data.subarray(0, width));
  if (data.length < width + size || size > MAX_TEXT_BYTES) {
    throw new Forged("the report in the seal is cut off");
  }
  return [data.subarray(width, width + size), data.subarray(width + size)];
}

const wordsKey = (value) => hmac(sha256, text("magnitizdat seal v1"), value);
