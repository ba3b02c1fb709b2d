/** Something that is tried with a pod of its own. */
export interface Proof<Found> {
  changesNode: boolean;
  /** Rejects where it can't be tried. */
  prove(): Promise<Found>;
}

/** So many of them are under way at once. */
const largestGroup = 8;

/**
 * Proves one after the other where that changes a node, and others several at once, before them: what each found, in their order. Rejects
 * with the first failure, or the signal's reason, once none of those begun is under way any more.
 */
export async function proveAll<Found>(proofs: Proof<Found>[], abort: AbortSignal): Promise<Found[]> {
  const found = new Map<Proof<Found>, Found>();
  for (const group of groupsOf(proofs)) {
    abort.throwIfAborted();
    const proved = group.map((proof) => proof.prove());
    await Promise.allSettled(proved);
    for (const [at, proof] of group.entries()) found.set(proof, await (proved[at] as Promise<Found>));
  }
  return proofs.map((proof) => found.get(proof) as Found);
}

/** What changes a node is alone: other pods would see what it changed. */
function groupsOf<Found>(proofs: Proof<Found>[]): Proof<Found>[][] {
  const together = proofs.filter(({ changesNode }) => !changesNode);
  const groups = Array.from({ length: Math.ceil(together.length / largestGroup) }, (_, index) =>
    together.slice(index * largestGroup, (index + 1) * largestGroup),
  );
  return [...groups, ...proofs.filter(({ changesNode }) => changesNode).map((proof) => [proof])];
}
