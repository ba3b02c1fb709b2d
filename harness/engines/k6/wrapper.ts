import { basename } from "node:path";
import { phaseTag } from "../windows/tags.ts";

/** Name under which the wrapper appears in esbuild's messages. */
export const wrapperName = "tunebench-entry";

/** Options of a script that would be refused beside scenarios, or take a share of the load, hold it up or slow it down. */
export const loadOptions = [
  "vus",
  "iterations",
  "duration",
  "stages",
  "executionSegment",
  "executionSegmentSequence",
  "paused",
  "rps",
  "minIterationDuration",
] as const;

/** What says which arm of a duet an iteration is for: named, not by its path, which is not resolved from a folder that is not there. */
export const duetModule = "tunebench:duet";

/**
 * The module that k6 starts: the script's, with the load that the harness wants laid over its options. Each scenario calls the function that
 * the harness names, whatever the script exports it as. One runner of several is told which share of the load is its own (an execution
 * segment), and whom to ask when all begin: setup(), which k6 awaits before its schedule, asks once the script's own is over, and ends at
 * that instant (the first iteration was seen within 1 ms of it). With TUNEBENCH_READ=options the script's own options are its options, for
 * `k6 inspect`; with TUNEBENCH_READ=files it has none, for `k6 archive`, which looks for each scenario's function.
 */
export function wrapper(scriptFile: string): string {
  const script = JSON.stringify(`./${basename(scriptFile)}`);
  return `
import { sleep } from "k6";
import execution from "k6/execution";
import http from "k6/http";
import { Gauge } from "k6/metrics";
import { beginIteration, isDuet } from "${duetModule}";
import * as exported from ${script};
// What a CommonJS script exports is the default of its module.
const script = typeof exported.default === "object" && exported.default !== null ? exported.default : exported;
const functionOf = (name = "default") => {
  if (typeof script[name] === "function") return script[name];
  throw new Error(name === "default" ? "no default export: k6 calls it once for each iteration" : "no export " + name + ", which a scenario calls");
};
const shared = __ENV.TUNEBENCH_SHARED ? JSON.parse(__ENV.TUNEBENCH_SHARED) : null;
const { runner: own = 0, count = 1 } = shared?.registration ?? {};
const share = (runner) => runner === 0 ? "0" : runner === count ? "1" : runner + "/" + count;
const segment = shared && {
  executionSegment: share(own) + ":" + share(own + 1),
  executionSegmentSequence: Array.from({ length: count + 1 }, (_, runner) => share(runner)).join(","),
  // The wait comes on top of the script's own time; the pod's deadline bounds both.
  setupTimeout: "1h",
};
const started = shared && new Gauge("tunebench_started");
const ownOptions = exported.options ?? script.options ?? {};
const { ${loadOptions.join(", ")}, ...kept } = ownOptions;
const asked = JSON.parse(__ENV.TUNEBENCH_OPTIONS);
const calls = Object.entries(asked.scenarios ?? {}).map(([name, { exec }]) => [name, exec]);
const scenarios = Object.fromEntries(Object.entries(asked.scenarios ?? {}).map(([name, of]) => [name, { ...of, exec: "default" }]));
const readOptions = { options: ownOptions, files: {} }[__ENV.TUNEBENCH_READ];
export const options = readOptions ?? { ...kept, ...asked, scenarios, ...segment };
const functions = readOptions ? {} : Object.fromEntries(calls.map(([name, exec]) => [name, functionOf(exec)]));
const iteration = calls.length === 1 ? functions[calls[0][0]] : (data) => functions[execution.scenario.name](data);
const inTurns = (data) => {
  beginIteration();
  return iteration(data);
};
export default iteration === undefined || !isDuet ? (iteration ?? (() => {})) : inTurns;
const during = (phase) => {
  execution.vu.metrics.tags.${phaseTag} = phase;
};
const ask = ({ url, authorization, registration }) => {
  const headers = { authorization, "content-type": "application/json" };
  try {
    return http.post(url, JSON.stringify(registration), { headers, timeout: "1h", responseType: "text" });
  } catch {
    // With the option throw of the script's.
    return { status: 0 };
  }
};
// The answer comes once all are there; a network may not let a new pod through at once.
const againSeconds = 0.25;
const commonStart = () => {
  for (;;) {
    const answer = ask(shared);
    if (answer.status === 200) return answer.json("startUnixMs");
    if (answer.status !== 0) throw new Error("runner " + own + " was turned away: " + answer.body);
    sleep(againSeconds);
  }
};
export function setup() {
  during("setup");
  const data = script.setup?.();
  if (shared === null) return data;
  sleep(Math.max(0, commonStart() - Date.now()) / 1000);
  started.add(Date.now());
  return data;
}
export function teardown(data) {
  during("teardown");
  return script.teardown?.(data);
}
`;
}
