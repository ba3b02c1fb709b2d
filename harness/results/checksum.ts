import { createHash } from "node:crypto";

/** What a record's text ends with, so that a flipped bit is seen as well as a cut: the sha256 of all before it. */
const seal = /,\n {2}"sha256": "([0-9a-f]{64})"\n\}\n$/;

/** A record as it is stored: indented JSON whose last key is the sha256 of the JSON without that key. */
export function sealedJson(record: object): string {
  const body = JSON.stringify(record, null, 2);
  return `${body.slice(0, -2)},\n  "sha256": "${sha256(body)}"\n}\n`;
}

/**
 * The JSON without its checksum, and whether the two belong together. Text that ends in no checksum (laid out anew by
 * hand, or changed by who could not make one) is taken as it is: its shape alone can be judged, and whoever reads it is told.
 */
export function openSealed(text: string): { json: string; seal: "intact" | "broken" | "missing" } {
  const match = seal.exec(text);
  if (match === null) return { json: text, seal: "missing" };
  const json = `${text.slice(0, match.index)}\n}`;
  return { json, seal: sha256(json) === match[1] ? "intact" : "broken" };
}

/** Digest in lower-case hex. */
export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
