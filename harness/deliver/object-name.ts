import { dashed } from "../core/text.ts";
import { sha256 } from "../results/checksum.ts";

/**
 * A name for objects and labels, the cluster's own for each suite and profile: `shop`, `reuse` -> tunebench-shop--reuse. A hash of all
 * the parts ends one that can't tell them whole. At most 40 characters, which is what GKE takes for a pool.
 */
export function objectName(...parts: string[]): string {
  // No part has two dashes: shop, a-b is another name than shop-a, b.
  const told = parts.map(dashed).join("--");
  if (told === parts.join("--") && told.length <= mostLetters && parts.every((part) => part !== ""))
    return prefix + told;
  const hash = sha256(JSON.stringify(parts)).slice(0, 8);
  const cut = told.slice(0, mostLetters - hash.length - 1).replace(/^-+|-+$/g, "");
  return `${prefix}${cut === "" ? "profile" : cut}-${hash}`;
}

const prefix = "tunebench-";
const mostLetters = 40 - prefix.length;
