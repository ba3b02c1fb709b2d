import type { ExecutionContext } from "ava";
import type { FoundProgram } from "../../harness/engines/engine.ts";
import { findK6 } from "../../harness/engines/k6/find-k6.ts";
import { findLocust } from "../../harness/engines/locust/find-locust.ts";

let k6: Promise<FoundProgram> | null = null;
let locust: Promise<FoundProgram> | null = null;

/** The k6 of this machine, found once for a file of tests: its version is asked for, or its digest taken, each time. */
export function k6Here(t: ExecutionContext): Promise<FoundProgram> {
  k6 ??= findK6({ explicit: null, env: process.env, onProgress: (line) => t.log(line) });
  return k6;
}

/** The Locust of this machine, likewise. */
export function locustHere(t: ExecutionContext): Promise<FoundProgram> {
  locust ??= findLocust({ explicit: null, env: process.env, onProgress: (line) => t.log(line) });
  return locust;
}
