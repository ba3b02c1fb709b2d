import { isTargetRole } from "../core/roles.ts";
import type { FaultSignature } from "../results/criteria.ts";
import { eventsOf, type TrialEvent } from "../results/events.ts";
import type { Sample } from "../results/samples.ts";
import type { FaultRecord } from "../results/trial.ts";
import type { FaultCount, Window } from "../results/window.ts";
import type { Span } from "./deltas.ts";
import { portUse } from "./port-use.ts";
import { servedFaults } from "./windows.ts";

/** With more of the usable ports in use than this, a failure without any message is put down to their exhaustion. */
const exhaustedRatio = 0.99;
/** A log line may reach the harness a little before or after the response that it explains is counted. */
const logSlackMs = 250;
const exhaustion = "EADDRNOTAVAIL";

/** Failures of one kind with how the kind was learnt. */
export interface AttributedFault extends FaultCount {
  seenIn: FaultRecord["seenIn"];
}

/** What failures are explained with. `signatures` tell which kinds come from a body. */
export interface Clues {
  samples: Sample[];
  events: TrialEvent[];
  signatures: FaultSignature[];
  usablePorts: number | null;
  /** While nothing failed yet: what is logged as often then says nothing of later failures; see `firstHealthy`. */
  healthy: Span | null;
}

/** From the first request to the first failure of the target's or an upstream's; null where the first window has one. */
export function firstHealthy(windows: readonly Window[]): Span | null {
  const first = windows.findIndex(({ requests }) => requests > 0);
  const failed = windows.findIndex((window) => servedFaults(window) > 0);
  const last = windows[failed === -1 ? windows.length - 1 : failed - 1];
  const fromMs = windows[first]?.startMs;
  return fromMs === undefined || last === undefined || last.endMs <= fromMs ? null : { fromMs, toMs: last.endMs };
}

/** A window whose faults are explained. */
export type AttributedWindow = Omit<Window, "faults"> & { faults: AttributedFault[] };

/**
 * Explains the target's failures that carry nothing but a 5xx status: by what the target logged in the same
 * window, else, with over 99% of the ports to one destination in use, as inferred port exhaustion. All other failures
 * keep their kind: a 404 is no answer of a service that ran out of something.
 */
export function attributeFaults(windows: readonly Window[], clues: Clues): AttributedWindow[] {
  const use = portUse(clues.samples);
  const logged = eventsOf(clues.events, "fault-logged").filter(({ role }) => isTargetRole(role));
  const usual = usualRates(logged, clues.healthy);
  return windows.map((window) => {
    if (window.faults.length === 0) return { ...window, faults: [] };
    const inWindow = logged.filter(
      ({ atMs }) => atMs >= window.startMs - logSlackMs && atMs < window.endMs + logSlackMs,
    );
    const seconds = (window.endMs - window.startMs + 2 * logSlackMs) / 1000;
    const loggedKind = commonest(
      beyondUsual(
        inWindow.map(({ fault }) => fault),
        usual,
        seconds,
      ),
    );
    const ratio = clues.usablePorts === null ? 0 : (use(window.endMs) ?? 0) / clues.usablePorts;
    return { ...window, faults: window.faults.map((fault) => explain(fault, loggedKind, ratio, clues.signatures)) };
  });
}

function explain(
  fault: FaultCount,
  loggedKind: string | null,
  portRatio: number,
  signatures: FaultSignature[],
): AttributedFault {
  if (fault.side === "generator") return { ...fault, seenIn: "dial" };
  const { status, ...named } = fault;
  if (status === undefined) return { ...named, seenIn: whereNamed(fault.kind, signatures) };
  const serverError = fault.side === "target" && status >= 500 && status < 600;
  if (serverError && loggedKind !== null) return { ...named, kind: loggedKind, seenIn: "log" };
  if (serverError && portRatio > exhaustedRatio) return { ...named, kind: exhaustion, seenIn: "inferred" };
  return { ...fault, seenIn: "status" };
}

function whereNamed(kind: string, signatures: FaultSignature[]): "body" | "check" | "dial" {
  if (bodyKinds(signatures).has(kind)) return "body";
  return signatures.some((signature) => signature.in === "check" && signature.kind === kind) ? "check" : "dial";
}

/** Kinds that a body can name; port exhaustion of the target's own always comes in a body. */
function bodyKinds(signatures: FaultSignature[]): Set<string> {
  return new Set([exhaustion, ...signatures.filter(({ in: place }) => place === "body").map(({ kind }) => kind)]);
}

/** Lines a second by kind while all was well. */
export function usualRates(
  logged: readonly { atMs: number; fault: string }[],
  healthy: Span | null,
): Map<string, number> {
  const rates = new Map<string, number>();
  if (healthy === null) return rates;
  const seconds = (healthy.toMs - healthy.fromMs) / 1000;
  for (const { atMs, fault } of logged) {
    // What comes just before the first failure explains it.
    if (atMs >= healthy.fromMs && atMs < healthy.toMs - logSlackMs)
      rates.set(fault, (rates.get(fault) ?? 0) + 1 / seconds);
  }
  return rates;
}

/** Kinds logged more than twice as often as while all was well: events stand for a quarter of a second each. */
function beyondUsual(kinds: string[], usual: Map<string, number>, seconds: number): string[] {
  return kinds.filter((kind) => {
    const count = kinds.filter((other) => other === kind).length;
    return count > 2 * (usual.get(kind) ?? 0) * seconds;
  });
}

/** The kind named most often; the earlier one of two equals. */
function commonest(kinds: string[]): string | null {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}
