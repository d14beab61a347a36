// Read a file by slices and hash its 16 KiB blocks, with the browser's own SHA-256 where it has
// one: it is fast even where compiled JavaScript and WebAssembly are turned off.

import { sha256 } from "@noble/hashes/sha2.js";
import { Stopped } from "./errors.mjs";
import { BLOCK } from "./merkle.mjs";

const CHUNK = 4 * 1024 * 1024;
const WINDOW = 4096;
const DEPTH = 3; // chunks under way
const native = globalThis.crypto && globalThis.crypto.subtle;

export const hasNative = Boolean(native);

export async function read(file, at, length) {
  const end = Math.min(at + length, file.size);
  return new Uint8Array(at < end ? await file.slice(at, end).arrayBuffer() : 0);
}

// Small reads near each other cost one real read.
export function reader(file) {
  let start = 0;
  let held = new Uint8Array();
  return async (at, length) => {
    if (at < start || at + length > start + held.length) {
      held = await read(file, at, Math.max(WINDOW, length));
      start = at;
    }
    return held.subarray(at - start, at - start + length);
  };
}

// The leaves of the first `length` bytes. `watch` has `step(bytes)` and `stopped`.
//
// While one chunk is hashed the next is read and handed over, so that neither waits.
export async function leaves(file, length, watch) {
  const found = [];
  const jobs = [];
  for (let at = 0; at < length || jobs.length; at += CHUNK) {
    if (at < length) {
      const job = read(file, at, Math.min(CHUNK, length - at)).then(digests);
      job.catch(() => null); // an earlier one that fails is reported; this one may go unheard
      jobs.push(job);
    }
    if (jobs.length < DEPTH && at + CHUNK < length) continue;
    const done = await jobs.shift();
    for (const leaf of done) found.push(leaf);
    watch.step(done.length * BLOCK);
    if (watch.stopped) break;
  }
  await Promise.allSettled(jobs);
  if (watch.stopped) throw new Stopped();
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
