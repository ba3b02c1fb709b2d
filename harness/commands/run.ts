import { resolve } from "node:path";
import type { Environment } from "../environments/environment.ts";
import { findK6 } from "../load/find-k6.ts";
import type { Plan } from "../plan/make-plan.ts";
import type { RunRecord } from "../results/run.ts";
import { digestsOf } from "../run/copy-suite.ts";
import { openNewRun } from "../run/open-run.ts";
import { gatherProvenance } from "../run/provenance.ts";
import { newRunRecord } from "../run/run-record.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Suite } from "../suite/suite.ts";
import { carryOut } from "./carry-out.ts";
import { environmentOf } from "./cluster.ts";
import { type PlanOptions, planOf } from "./plan.ts";
import { type Screen, screenOf } from "./screen.ts";
import { storedNoise } from "./stored-noise.ts";

/** Where and with what is run. */
export interface PlaceOptions {
  out: string;
  cluster: string;
  k6?: string;
}

/** `tunebench run`: a suite's experiment. */
export async function run(path: string, options: PlanOptions & PlaceOptions): Promise<number> {
  const suite = await loadSuite(path);
  return startRun("experiment", suite, planOf(suite, options), options);
}

/** Checks everything first (exit 2 or 3 with nothing run), carries the plan out, writes the reports. */
export async function startRun(
  kind: RunRecord["kind"],
  suite: Suite,
  plan: Plan,
  options: PlaceOptions,
): Promise<number> {
  const screen = screenOf(process.stderr);
  const { environment, k6 } = await readyMachine(suite, plan, options, screen);
  // Parts and the bundler run in other folders: a relative path would mean theirs.
  const out = resolve(options.out);
  const provenance = gatherProvenance(environment, options.cluster, k6.version);
  const copy = digestsOf(suite, out);
  const noise = kind === "calibration" ? unknownNoise : await storedNoise({ suite, provenance, out });
  const record = newRunRecord({ suite, plan, kind, provenance, copy, route: environment.route, noise });
  const open = () => openNewRun(out, suite, record);
  return carryOut({ suite, plan, environment, k6Path: k6.path, open }, screen);
}

/** The environment, once it is known to take the plan's settings, and k6. */
export async function readyMachine(
  suite: Suite,
  plan: Plan,
  options: { cluster: string; k6?: string },
  screen: Screen,
): Promise<{ environment: Environment; k6: { path: string; version: string } }> {
  const environment = await environmentOf(options.cluster);
  await environment.preflight(suite, plan.profiles);
  const onProgress = (line: string) => screen.write(`${line}\n`);
  const k6 = await findK6({ explicit: options.k6 ?? null, env: process.env, onProgress });
  return { environment, k6 };
}

const unknownNoise = { calibration: null, doubts: [] };
