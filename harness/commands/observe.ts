import { setTimeout as sleep } from "node:timers/promises";
import { CapabilityError, InputError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import type { LimitName, LiveCaveat, Observation } from "../observe/observation.ts";
import { observe } from "../observe/observe.ts";
import { subjectOfContainer } from "../subjects/container.ts";
import { type LiveLook, openLook } from "../subjects/look.ts";
import { openLookAtAll } from "../subjects/look-at-all.ts";
import { type Subject, subjectOfPid, subjectOfPort } from "../subjects/subject.ts";
import { interruptible } from "./interrupt.ts";
import { expectDelivered } from "./observe-expect.ts";
import { isPodAsked, lookMs, type ObserveOptions, observeExitCode, show, timeMs } from "./observe-output.ts";
import { checkSuiteFolder, programSubject, type SuiteSubject, writeSuite } from "./observe-suite.ts";
import { watch } from "./observe-watch.ts";

/**
 * `tunebench observe`: a look at a live service. Exit 0: room; 1: a limit is reached, or will be within --within; 3: nothing can be seen, or not enough. Throws
 * InputError where it isn't said what to look at, CapabilityError where that is not there.
 */
export async function observeCommand(options: ObserveOptions): Promise<number> {
  checkOptions(options);
  const screen = screenOf(process.stdout);
  const interrupt = interruptible((text) => void process.stderr.write(`${text}\n`), "ending the look");
  try {
    const code = await looked(options, screen, interrupt.signal);
    return interrupt.exitCode() ?? code;
  } catch (error) {
    // What is placed in a cluster takes a moment, in which it may be interrupted.
    const isAbort = error instanceof Error && error.name === "AbortError";
    const code = isAbort ? interrupt.exitCode() : null;
    if (code === null) throw error;
    return code;
  } finally {
    interrupt.release();
  }
}

async function looked(options: ObserveOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  if (options.expect !== undefined) return await expectDelivered(options, () => subjectOf(options), screen, signal);
  if (options.watch === true) return await watch({ options, open: () => openFor(options, signal), screen, signal });
  return await lookOnce(options, screen, signal);
}

/** Exactly one thing to look at; what goes together with what. */
function checkOptions(options: ObserveOptions): void {
  const { pid, listen, container, node, pod, workload, watch: goesOn, format, out } = options;
  lookMs(options);
  const asked = Object.entries({
    ...{ "--pid": pid, "--listen": listen, "--container": container, "--node": node },
    ...{ "--pod": pod, "--workload": workload },
  });
  const given = asked.filter(([, value]) => value !== undefined).map(([name]) => name);
  const hint = "one of --pid PID, --listen PORT, --container NAME, --pod NS/NAME, --workload NS/KIND/NAME, --node";
  if (given.length === 0) throw new InputError("it isn't said what to look at", { hint });
  if (given.length > 1) throw new InputError(`${given.join(" and ")} are two things to look at`, { hint });
  if (goesOn === true && format === "md")
    throw new InputError("--watch prints no Markdown", { hint: "--format terminal" });
  if (goesOn === true && format === "prometheus" && out === undefined)
    throw new InputError("--watch --format prometheus writes a file", {
      hint: "--out /var/lib/node_exporter/tunebench.prom",
    });
  checkBridges(options);
}

/** --suite and --expect are of one look, each for itself. */
function checkBridges({ suite, expect, profile, path, node, watch: goesOn, cluster, ...rest }: ObserveOptions): void {
  const bridge = suite === undefined ? "--expect" : "--suite";
  if (suite !== undefined && expect !== undefined) throw new InputError("--suite and --expect are two things to do");
  if (goesOn === true && (suite !== undefined || expect !== undefined)) {
    throw new InputError(`${bridge} is made of one look, and --watch has no end`);
  }
  if (suite !== undefined && node === true) {
    throw new InputError("--suite is of one service", {
      hint: "--pid PID, --listen PORT, --container NAME or --pod NS/NAME",
    });
  }
  if (path !== undefined && suite === undefined) throw new InputError("--path is what the load of --suite asks for");
  if (path !== undefined && !/^\/[\x21-\x7e]{0,1000}$/.test(path)) {
    throw new InputError(`--path ${JSON.stringify(path)} is no path`, {
      hint: "one that begins with /, such as /healthz",
    });
  }
  if (profile !== undefined && expect === undefined) throw new InputError("--profile is which of the run of --expect");
  if (cluster !== undefined && !isPodAsked(rest)) throw new InputError("--cluster says where --pod and --workload are");
  if (suite !== undefined) checkSuiteFolder(suite);
}

/** A pod's container goes on so long with --watch: it can't be told to end. */
const watchSeconds = 600;

async function openFor(options: ObserveOptions, signal: AbortSignal): Promise<LiveLook> {
  const withinSeconds = timeMs("--within", options.within) / 1000;
  if (isPodAsked(options)) {
    const seconds = options.watch === true ? watchSeconds : lookMs(options) / 1000;
    // The cluster's client is large.
    const { openPodLook } = await import("./observe-pods.ts");
    return await openPodLook(options, { seconds, withinSeconds, keys: [], signal });
  }
  if (options.node === true) return openLookAtAll(withinSeconds);
  return openLook(await subjectOf(options), { withinSeconds, windowMs: lookMs(options) });
}

async function subjectOf({ pid, listen, container }: ObserveOptions): Promise<Subject> {
  if (pid !== undefined) return subjectOfPid(pid);
  return listen !== undefined ? subjectOfPort(listen) : await subjectOfContainer(container ?? "");
}

async function lookOnce(options: ObserveOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const look = await openFor(options, signal);
  const beganMs = performance.now();
  const ms = lookMs(options);
  const done = new AbortController();
  await Promise.race([
    look.ended,
    sleep(ms, undefined, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => undefined),
  ]);
  done.abort();
  await look.close();
  const input = look.input(Number.POSITIVE_INFINITY);
  const observation = observe(input);
  const seconds = (performance.now() - beganMs) / 1000;
  const cut: LiveCaveat[] = signal.aborted ? [{ code: "cut-short", seconds, ofSeconds: ms / 1000 }] : [];
  const told = { ...observation, caveats: [...cut, ...observation.caveats] };
  checkSeen(told, options);
  show(told, options, screen);
  if (options.suite !== undefined) writeSuite(options, await suiteSubject(options, look), input);
  return observeExitCode(told);
}

async function suiteSubject(options: ObserveOptions, look: LiveLook): Promise<SuiteSubject> {
  if (!isPodAsked(options)) return programSubject(await subjectOf(options), options.listen ?? null);
  const { podSubject } = await import("./observe-pods.ts");
  return podSubject(look, options);
}

/** What is the machine's, whatever is looked at. */
const ofMachine: readonly LimitName[] = ["softirq", "conntrack"];

/** Throws CapabilityError where nothing was seen of the one thing that was asked for: it was gone, or /proc does not show it. */
function checkSeen({ limits, caveats, subjects }: Observation, { node }: ObserveOptions): void {
  if (node === true || limits.some(({ limit }) => !ofMachine.includes(limit))) return;
  const ended = caveats.some(({ code }) => code === "ended");
  throw new CapabilityError(
    `${subjects.join(", ")} ${ended ? "ended before anything was seen of it" : "shows nothing of itself to this user"}`,
    {
      hint: ended ? undefined : "run tunebench as root",
    },
  );
}
