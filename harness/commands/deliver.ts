import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { IncompleteError, InputError } from "../core/errors.ts";
import { jsonText } from "../core/text.ts";
import { type DeliveredFiles, deliver as deliverOn } from "../deliver/deliver.ts";
import type { FromFile } from "../deliver/platform.ts";
import { type PlatformName, platformNames, type WorkloadForm } from "../deliver/platform-names.ts";
import { platforms } from "../deliver/platforms.ts";
import { selectFromRun } from "../deliver/select-from-run.ts";
import { selectForSuite } from "../deliver/select-from-suite.ts";
import { assumedMinor, type Selection } from "../deliver/selection.ts";
import { sha256 as sha256Of } from "../results/checksum.ts";
import { makeFolder } from "../results/make-folder.ts";
import { writeWhole } from "../results/write.ts";
import { loadSuite } from "../suite/load-suite.ts";
import { readText } from "../suite/read-text.ts";
import type { Suite } from "../suite/suite.ts";
import { chosenRun } from "./chosen-run.ts";
import type { TextFormat } from "./formats.ts";
import { oneOf } from "./one-of.ts";
import type { RunChoice } from "./results-option.ts";
import { chosenSide } from "./stored-side.ts";

interface DeliverOptions extends RunChoice {
  profile?: string;
  platform: string;
  /** Minor version. */
  kubernetes?: number;
  from?: string;
  group?: string;
  workload?: string;
  workloadAs?: WorkloadForm;
  out: string;
  overwrite?: true;
  format: TextFormat;
}

/** What is delivered, and the digest of where it comes from. */
interface Chosen {
  selection: Selection;
  /** sha256 of run.json, or of the suite's file. */
  sha256: string;
}

/**
 * `tunebench deliver`: writes what must be applied for a profile to reach a platform's pods, the plan, and delivery.json; prints the
 * plan, or delivery.json. From a run the rollout, from a suite a pool of nodes to measure on.
 */
export async function deliver(reference: string, options: DeliverOptions): Promise<number> {
  const platform = oneOf(platformNames, options.platform, "platform");
  const { selection, sha256 } = await selectionOf(reference, platform, options);
  const delivery = deliverOn(platform, selection, fromOf(options), options.workloadAs);
  const { run, suite } = delivery.record;
  const record = jsonText({ ...delivery.record, run: run && { ...run, sha256 }, suite: suite && { ...suite, sha256 } });
  writeFiles(delivery, record, options);
  process.stdout.write(options.format === "json" ? record : delivery.plan);
  return 0;
}

/** The user's file, and which of its objects are meant. */
function fromOf({ from, group, workload }: DeliverOptions): FromFile | null {
  if (from === undefined) {
    if (group === undefined && workload === undefined) return null;
    throw new InputError("--group and --workload choose among the objects of --from FILE");
  }
  return {
    name: basename(from),
    text: readText(from),
    ...(group === undefined ? {} : { group }),
    ...(workload === undefined ? {} : { workload }),
  };
}

/** A run where there is one of that name, else a suite. */
async function selectionOf(reference: string, platform: PlatformName, options: DeliverOptions): Promise<Chosen> {
  if (isRun(reference, options)) {
    const { run, trials } = chosenSide(reference, options);
    const names = run.profiles.map(({ name }) => name);
    if (options.profile === undefined && names.length === 1) {
      throw new InputError(`run ${run.id} ran its baseline alone: it has no profile to deliver`, {
        hint: "give the suite profiles: (NAME: {settings}), run it, and deliver one that helped",
      });
    }
    if (options.profile === undefined) {
      throw new InputError(`which profile of run ${run.id}?`, { hint: `--profile ${names.join(" | ")}` });
    }
    const profile = oneOf(names, options.profile, "profile");
    const sha256 = sha256Of(readText(join(chosenRun(reference, options), "run.json")));
    return { selection: selectFromRun(run, trials, profile, options.kubernetes ?? null), sha256 };
  }
  const suite = await loadSuite(reference);
  const profile = options.profile ?? null;
  const parts = [suite.target, ...Object.values(suite.upstreams)];
  const listeners = [...new Set(parts.flatMap(({ port }) => port ?? []))].sort((a, b) => a - b);
  const minor = options.kubernetes ?? assumedMinor;
  const asked = askedBy(suite, profile);
  const selection =
    platforms[platform].reaches !== "pods"
      ? selectForSuite(suite.name, asked, minor, { profile, listeners, conditions: ownOf(suite) })
      : selectForSuite(suite.name, [...ownOf(suite), ...asked], minor, { profile, listeners });
  return { selection, sha256: sha256Of(readText(suite.file)) };
}

/** A suite's folder or file is no run, and `latest` is one. */
function isRun(reference: string, choice: RunChoice): boolean {
  try {
    chosenRun(reference, choice);
    return true;
  } catch (error) {
    if (existsSync(reference)) return false;
    throw error;
  }
}

/** The suite's own settings of every part. */
function ownOf({ target, generator, upstreams }: Suite): Record<string, string>[] {
  return [target, generator, ...Object.values(upstreams)].map(({ sysctls }) => sysctls);
}

/** What every profile, or the one, sets for any part. */
function askedBy(suite: Suite, profile: string | null): Record<string, string>[] {
  const names = suite.profiles.map(({ name }) => name);
  const chosen =
    profile === null ? suite.profiles : suite.profiles.filter(({ name }) => name === oneOf(names, profile, "profile"));
  return chosen.flatMap(({ sysctls, generatorSysctls, upstreamSysctls }) => [
    sysctls,
    generatorSysctls,
    ...Object.values(upstreamSysctls),
  ]);
}

/** All files, plan.md and delivery.json, into a folder that holds no others: what lies there may have been changed by hand. */
function writeFiles({ files, plan }: DeliveredFiles, record: string, { out, overwrite }: DeliverOptions): void {
  const there = filesIn(out);
  if (there.length > 0 && overwrite !== true) {
    throw new InputError(`${out} is not empty`, { hint: "name another folder with --out DIR, or add --overwrite" });
  }
  refusable(out, () => makeFolder(out));
  const all = [...files, { name: "delivery.json", text: record }, { name: "plan.md", text: plan }];
  for (const { name, text } of all) {
    if (there.includes(name)) process.stderr.write(`overwriting ${join(out, name)}\n`);
    refusable(out, () => writeWhole(join(out, name), text, 0o666));
  }
  const written = all.map(({ name }) => name);
  const before = there.filter((name) => !written.includes(name));
  if (before.length > 0) process.stderr.write(`not of this plan, and still in ${out}: ${before.join(", ")}\n`);
}

function filesIn(folder: string): string[] {
  return refusable(folder, () => (existsSync(folder) ? readdirSync(folder) : []));
}

/** A folder that can't be written is a wrong name, not a run that is not complete. */
function refusable<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const cause = error instanceof IncompleteError ? error.cause : error;
    if (!(cause instanceof Error && "code" in cause)) throw error;
    throw new InputError(`can't write into ${folder}: ${cause.message}`, {
      hint: "name another folder with --out DIR",
      cause: error,
    });
  }
}
