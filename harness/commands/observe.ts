import { setTimeout as sleep } from "node:timers/promises";
import { CapabilityError, InputError } from "../core/errors.ts";
import { type Screen, screenOf } from "../core/screen.ts";
import type { LiveCaveat, Observation } from "../observe/observation.ts";
import { observe } from "../observe/observe.ts";
import { subjectOfContainer } from "../subjects/container.ts";
import { type Look, openLook } from "../subjects/look.ts";
import { openLookAtAll } from "../subjects/look-at-all.ts";
import { type Subject, subjectOfPid, subjectOfPort } from "../subjects/subject.ts";
import { interruptible } from "./interrupt.ts";
import { exitCodeOf, lookMs, type ObserveOptions, show, timeMs } from "./observe-output.ts";
import { watch } from "./watch.ts";

/**
 * `tunebench observe`: a look at a live service. Exit 0: room; 1: a limit is reached, or will be within --within; 3: nothing can be seen. Throws
 * InputError where it isn't said what to look at, CapabilityError where that is not there.
 */
export async function observeCommand(options: ObserveOptions): Promise<number> {
  checkOptions(options);
  const screen = screenOf(process.stdout);
  const interrupt = interruptible((text) => void process.stderr.write(`${text}\n`), "ending the look");
  try {
    const code = await (options.watch === true
      ? watch({ options, open: () => openFor(options), screen, signal: interrupt.signal })
      : lookOnce(options, screen, interrupt.signal));
    return interrupt.exitCode() ?? code;
  } finally {
    interrupt.release();
  }
}

/** Exactly one thing to look at; what --watch can't print. */
function checkOptions(options: ObserveOptions): void {
  const { pid, listen, container, node, watch: goesOn, format, out } = options;
  lookMs(options);
  const asked = Object.entries({ "--pid": pid, "--listen": listen, "--container": container, "--node": node });
  const given = asked.filter(([, value]) => value !== undefined).map(([name]) => name);
  const hint = "one of --pid PID, --listen PORT, --container NAME, --node";
  if (given.length === 0) throw new InputError("it isn't said what to look at", { hint });
  if (given.length > 1) throw new InputError(`${given.join(" and ")} are two things to look at`, { hint });
  if (goesOn === true && format === "md")
    throw new InputError("--watch prints no Markdown", { hint: "--format terminal" });
  if (goesOn === true && format === "prometheus" && out === undefined)
    throw new InputError("--watch --format prometheus writes a file", {
      hint: "--out /var/lib/node_exporter/tunebench.prom",
    });
}

async function openFor(options: ObserveOptions): Promise<Look> {
  const withinSeconds = timeMs("--within", options.within) / 1000;
  return options.node === true ? openLookAtAll(withinSeconds) : openLook(await subjectOf(options), withinSeconds);
}

async function subjectOf({ pid, listen, container }: ObserveOptions): Promise<Subject> {
  if (pid !== undefined) return subjectOfPid(pid);
  return listen !== undefined ? subjectOfPort(listen) : await subjectOfContainer(container ?? "");
}

async function lookOnce(options: ObserveOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const look = await openFor(options);
  const beganMs = performance.now();
  const ms = lookMs(options);
  const done = new AbortController();
  await Promise.race([
    look.ended,
    sleep(ms, undefined, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => undefined),
  ]);
  done.abort();
  await look.close();
  const observation = observe(look.input(Number.POSITIVE_INFINITY));
  const seconds = (performance.now() - beganMs) / 1000;
  const cut: LiveCaveat[] = signal.aborted ? [{ code: "cut-short", seconds, ofSeconds: ms / 1000 }] : [];
  const told = { ...observation, caveats: [...cut, ...observation.caveats] };
  checkSeen(told);
  show(told, options, screen);
  return exitCodeOf(told);
}

/** Throws CapabilityError where the processes were gone before anything was seen of them. */
function checkSeen({ limits, caveats, subjects }: Observation): void {
  const ended = caveats.some(({ code }) => code === "ended");
  if (ended && limits.length === 0)
    throw new CapabilityError(`${subjects.join(", ")} ended before anything was seen of it`);
}
