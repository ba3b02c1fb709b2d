/** Source: k6 v2.2.0, errext/exitcodes/codes.go, and how each was seen to come about. */
const exits: Record<number, string> = {
  0: "ran to its end",
  97: "a k6 cloud test failed",
  98: "k6 cloud could not be reached",
  99: "a threshold of the script was crossed",
  100: "the script's setup() took too long",
  101: "the script's teardown() took too long",
  102: "k6 timed out",
  103: "stopped through k6's REST interface",
  104: "k6 refused its options",
  105: "stopped by a signal",
  106: "k6's REST interface could not listen",
  107: "the script threw an error",
  108: "the script aborted the test",
  109: "k6 crashed (a Go panic)",
  110: "the script marked the test as failed",
};

/**
 * What k6's end means, a sentence's part for people: "stopped by a signal". That is how a trial that found its wall ends:
 * no failure.
 */
export function k6EndWords({ exitCode, signal }: { exitCode: number | null; signal: string | null }): string {
  if (signal !== null) return `killed by ${signal}`;
  if (exitCode === null) return "gave no sign of its end";
  // A container's exit code tells the signal that ended its program so.
  if (exitCode > 128 && exitCode < 160) return `killed by signal ${exitCode - 128}`;
  return exits[exitCode] ?? `k6 ended with the unknown exit code ${exitCode}`;
}
