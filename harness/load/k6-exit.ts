/** How k6 ended: `finished` ran to its end, `stopped` was ended on purpose, the others are failures. */
export interface K6Exit {
  kind: "finished" | "stopped" | "script-failed" | "generator-failed" | "killed";
  /** A sentence's part for people: "stopped by a signal". */
  meaning: string;
}

/** Source: k6 v2.2.0, errext/exitcodes/codes.go, and how each was seen to come about. */
const exits: Record<number, K6Exit> = {
  0: { kind: "finished", meaning: "ran to its end" },
  97: { kind: "generator-failed", meaning: "a k6 cloud test failed" },
  98: { kind: "generator-failed", meaning: "k6 cloud could not be reached" },
  99: { kind: "stopped", meaning: "a threshold of the script was crossed" },
  100: { kind: "script-failed", meaning: "the script's setup() took too long" },
  101: { kind: "script-failed", meaning: "the script's teardown() took too long" },
  102: { kind: "generator-failed", meaning: "k6 timed out" },
  103: { kind: "stopped", meaning: "stopped through k6's REST interface" },
  104: { kind: "script-failed", meaning: "k6 refused its options" },
  105: { kind: "stopped", meaning: "stopped by a signal" },
  106: { kind: "generator-failed", meaning: "k6's REST interface could not listen" },
  107: { kind: "script-failed", meaning: "the script threw an error" },
  108: { kind: "stopped", meaning: "the script aborted the test" },
  109: { kind: "generator-failed", meaning: "k6 crashed (a Go panic)" },
  110: { kind: "script-failed", meaning: "the script marked the test as failed" },
};

/** What k6's end means here. Being stopped by a signal is how a trial that found its wall ends: no failure. */
export function k6ExitMeaning(code: number | null, signal: string | null): K6Exit {
  if (signal !== null) return { kind: "killed", meaning: `killed by ${signal}` };
  const known = code === null ? undefined : exits[code];
  return known ?? { kind: "generator-failed", meaning: `k6 ended with the unknown exit code ${code}` };
}
