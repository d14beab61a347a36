// Read a file by slices and hash its 16 KiB blocks, with the browser's own SHA-256 where it has
// one: it is fast even where compiled JavaScript and WebAssembly are turned off.

import { sha256 } from "@noble/hashes/sha2.js";
import { Stopped } from "./errors.mjs";
import { BLOCK } from "./merkle.mjs";

const CHUNK = 4 * 1024 * 1024;
const native = globalThis.crypto && globalThis.crypto.subtle;

export const hasNative = Boolean(native);

export async function read(file, at, length) {
  const end = Math.min(at + length, file.size);
  return new Uint8Array(at < end ? await file.slice(at, end).arrayBuffer() : 0);
}

// Small reads near each other cost one real read of `window` bytes.
export function reader(file, window) {
  let start = 0;
  let held = new Uint8Array();
  return async (at, length) => {
    if (at < start || at + length > start + held.length) {
      held = await read(file, at, Math.max(window, length));
      start = at;
    }
    return held.subarray(at - start, at - start + length);
  };
}

// The leaves of the first `length` bytes. `watch` has `step(bytes)` and `stopped`.
export async function leaves(file, length, watch) {
  const found = [];
  let next = read(file, 0, Math.min(CHUNK, length));
  for (let at = 0; at < length; at += CHUNK) {
    const data = await next;
    const end = at + data.length;
    next = read(file, end, Math.min(CHUNK, length - end));
    next.catch(() => null); // awaited in the next round, or of no interest any more
    if (watch.stopped) throw new Stopped();
    for (const leaf of await digests(data)) found.push(leaf);
    watch.step(data.length);
  }
  return found;
}

async function digests(data) {
  const jobs = [];
  for (let at = 0; at < data.length; at += BLOCK) {
    const block = data.subarray(at, at + BLOCK);
    jobs.push(native ? native.digest("SHA-256", block) : sha256(block));
  }
  return native ? (await Promise.all(jobs)).map((leaf) => new Uint8Array(leaf)) : jobs;
}
