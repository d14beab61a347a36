// Ed25519, strictly: the same verdict as libsodium on every published edge case.
//
// The library's own `verify` is cofactored and takes small-order keys, under which any message
// verifies. Here the plain equation must hold byte for byte, and neither key nor R may be of low
// order or spelt in a non-canonical way (docs/seal.md part 7).

import { Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, equal } from "./bytes.mjs";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const scalar = (data) => data.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

// The point of a key, or null where libsodium would refuse it.
export function point(raw) {
  try {
    const found = raw.length === 32 ? Point.fromBytes(raw, false) : null;
    return found && !found.isSmallOrder() && equal(found.toBytes(), raw) ? found : null;
  } catch {
    return null;
  }
}

export function verifies(key, message, signature) {
  const found = point(key);
  if (!found || signature.length !== 64) return false;
  const r = signature.subarray(0, 32);
  const s = scalar(signature.subarray(32));
  if (s >= ORDER) return false;
  const challenge = scalar(sha512(concat(r, key, message))) % ORDER;
  const right = Point.BASE.multiplyUnsafe(s).subtract(found.multiplyUnsafe(challenge));
  return !right.isSmallOrder() && equal(right.toBytes(), r);
}
