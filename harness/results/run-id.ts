import { randomBytes } from "node:crypto";

/** A run's name on disk: UTC second, suite, four random hex digits; sorts by time. `20261121T080225Z-port-exhaustion-3f9a` */
export function newRunId(suite: string, at: Date): string {
  const stamp = at.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${stamp}-${suite}-${randomBytes(2).toString("hex")}`;
}

/** Whether a folder's name has the form of a run id. */
export function isRunId(name: string): boolean {
  return /^\d{8}T\d{6}Z-.+-[0-9a-f]{4}$/.test(name);
}

/** The suite's name in a run's id. */
export function suiteOfId(id: string): string {
  return id.slice("20261121T080225Z-".length, -"-3f9a".length);
}
