/** Something that is tried with a pod of its own. */
export interface Proof {
  changesNode: boolean;
  /** Resolves with a line that is worth knowing, or null. Rejects where the suite can't run. */
  prove(): Promise<string | null>;
}

/** So many of them are under way at once. */
const largestGroup = 8;

/**
 * Proves one after the other where that changes a node, and others several at once, before them. Logs their lines; rejects with the first
 * failure in their order, or the signal's reason, once none of those begun is under way any more.
 */
export async function proveAll(
  proofs: Proof[],
  { abort, log }: { abort: AbortSignal; log: (line: string) => void },
): Promise<void> {
  for (const group of groupsOf(proofs)) {
    abort.throwIfAborted();
    const proved = group.map((proof) => proof.prove());
    await Promise.allSettled(proved);
    for (const one of proved) {
      const line = await one;
      if (line !== null) log(line);
    }
  }
}

/** What changes a node is alone: other pods would see what it changed. */
function groupsOf(proofs: Proof[]): Proof[][] {
  const together = proofs.filter(({ changesNode }) => !changesNode);
  const groups = Array.from({ length: Math.ceil(together.length / largestGroup) }, (_, index) =>
    together.slice(index * largestGroup, (index + 1) * largestGroup),
  );
  return [...groups, ...proofs.filter(({ changesNode }) => changesNode).map((proof) => [proof])];
}
