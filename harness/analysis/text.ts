/** 5.313 -> "5.3x", 1.004 -> "1.00x": two digits after the point near 1, where they matter. */
export function ratioWords(ratio: number): string {
  return `${ratio >= 2 ? ratio.toLocaleString("en-US", { maximumFractionDigits: 1 }) : ratio.toFixed(2)}x`;
}

/** With its bound: "at least 5.3x". */
export function boundWords({ ratio, bound }: { ratio: number | null; bound: "atLeast" | "atMost" | null }): string {
  if (ratio === null) return "an unknown ratio";
  const words = { atLeast: "at least ", atMost: "at most " };
  return `${bound === null ? "" : words[bound]}${ratioWords(ratio)}`;
}

/** 28232 -> "28,232". */
export function countWords(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** 7.52 -> "7.5 s". */
export function secondsWords(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** "Profile a", "Profiles a and b". */
export function profileWords(names: string[]): string {
  return `${names.length === 1 ? "Profile" : "Profiles"} ${listWords(names)}`;
}
