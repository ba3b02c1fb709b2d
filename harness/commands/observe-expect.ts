import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import type { Screen } from "../core/screen.ts";
import { jsonText } from "../core/text.ts";
import { deliveryRecord } from "../deliver/delivery-record.ts";
import {
  type Expectation,
  exitOfHeld,
  expectationOfDelivery,
  expectationOfSelection,
  holdAgainst,
  type SettingsFound,
} from "../deliver/expectation.ts";
import { selectFromRun } from "../deliver/select-from-run.ts";
import type { Seen } from "../observe/seen.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { expectationReport } from "../report/sections/expectation.ts";
import { renderTerminal } from "../report/terminal.ts";
import { insideOf } from "../subjects/inside.ts";
import { listeningSockets } from "../subjects/listening.ts";
import { hasMachinesNetwork, holdersOf } from "../subjects/processes.ts";
import type { Subject } from "../subjects/subject.ts";
import { isPodAsked, type ObserveOptions } from "./observe-output.ts";
import { oneOf } from "./one-of.ts";
import { chosenSide } from "./stored-side.ts";

/** `tunebench observe --expect`: whether what was delivered is there. Exit 0, 1 where a value is missing, 3 where not all could be read. */
export async function expectDelivered(
  options: ObserveOptions,
  subjectOf: () => Promise<Subject>,
  screen: Screen,
  signal: AbortSignal,
): Promise<number> {
  const expectation = expectationOf(options);
  const keys = expectation.settings.map(({ key }) => key);
  const ofPods = expectation.settings.flatMap(({ key, scope }) => (scope === "pod" ? [key] : []));
  const places = isPodAsked(options)
    ? await inPods(options, ofPods, signal)
    : [options.node === true ? await onMachine(keys) : await inSubject(await subjectOf(), keys, options.listen)];
  const held = holdAgainst(expectation, places);
  const report = expectationReport(expectation, held);
  const formats = {
    terminal: () => renderTerminal(report, screen),
    md: () => renderMarkdown(report),
    json: () => jsonText({ verdict: report.headline, expected: expectation.origin, held }),
  };
  if (options.format === "prometheus") throw new InputError("--expect has no --format prometheus", { hint: "json" });
  screen.write(formats[options.format]());
  return exitOfHeld(held);
}

/** Of a delivery's record or folder, or of a run's profile. Throws InputError for what is neither. */
function expectationOf(options: ObserveOptions): Expectation {
  const { expect = "", profile } = options;
  const file = deliveryFile(expect);
  if (file !== null) return expectationOfDelivery(readDelivery(file));
  const { run, trials } = chosenSide(expect, options);
  const names = run.profiles.map(({ name }) => name).filter((name) => name !== run.baseline);
  const chosen = profile ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined)
    throw new InputError(`which profile of run ${run.id}?`, { hint: `--profile ${names.join(" | ")}` });
  return expectationOfSelection(selectFromRun(run, trials, oneOf(names, chosen, "profile"), null));
}

/** A file, or a folder that deliver wrote into; null for anything else, which may be a run. */
function deliveryFile(path: string): string | null {
  if (!existsSync(path)) return null;
  if (statSync(path).isFile()) return path;
  const within = join(path, "delivery.json");
  return existsSync(within) ? within : null;
}

function readDelivery(file: string) {
  try {
    return deliveryRecord.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new InputError(`${file} is no delivery.json of tunebench deliver`, {
      hint: "tunebench deliver RUN --profile NAME --platform NAME --out DIR writes one",
      cause,
    });
  }
}

/** What is read is there in the first second. */
const podSeconds = 1;

async function inPods(options: ObserveOptions, keys: string[], signal: AbortSignal): Promise<SettingsFound[]> {
  const { openPodLook } = await import("./observe-pods.ts");
  const look = await openPodLook(options, { seconds: podSeconds, withinSeconds: 0, keys, signal });
  await look.close();
  return look.input(Number.POSITIVE_INFINITY).seen.map(placeOfPod);
}

/** A pod with the node's network has the node's values. */
function placeOfPod({ subject, settings, caveats }: Seen): SettingsFound {
  const isNodes = caveats.some(({ code }) => code === "host-network");
  const values = Object.fromEntries(settings.map(({ key, value }) => [key, value]));
  return { subject: subject.replace(/^pod /, ""), kind: isNodes ? "node" : "pod", values, listeners: [] };
}

/** The machine's own namespace, which is a node's. */
async function onMachine(keys: string[]): Promise<SettingsFound> {
  const values = await insideOf(process.pid).values(keys);
  return { subject: "this machine", kind: "node", values: Object.fromEntries(values ?? []), listeners: [] };
}

async function inSubject(subject: Subject, keys: string[], port: number | undefined): Promise<SettingsFound> {
  const { namespacePid, name } = subject;
  const inside = insideOf(namespacePid);
  const [values, sockets] = await Promise.all([inside.values(keys), inside.sockets()]);
  const own = port === undefined ? portsOf(subject) : [port];
  const listeners = (sockets?.listenLimits ?? []).flatMap((one) =>
    "port" in one && own.includes(one.port) ? [{ port: one.port, limit: one.limit }] : [],
  );
  const kind = hasMachinesNetwork(namespacePid) ? "here" : "own";
  return { subject: name, kind, values: Object.fromEntries(values ?? []), listeners };
}

/** Ports that its own processes listen on. */
function portsOf({ namespacePid, pids }: Subject): number[] {
  return listeningSockets(namespacePid).flatMap(({ port, inode }) =>
    holdersOf([inode], pids).holders.length > 0 ? [port] : [],
  );
}
