import { reservedPortsKey } from "../core/ports.ts";
import { normalValue } from "../knowledge/keys.ts";
import { settingOf } from "../knowledge/settings.ts";
import type { DeliveryRecord } from "./delivery-record.ts";
import type { Origin, Selection } from "./selection.ts";

/** What is to be found on pods, nodes or a machine once a delivery was rolled out. */
export interface Expectation {
  origin: Origin;
  settings: ExpectedSetting[];
}

export interface ExpectedSetting {
  key: string;
  /** Any of them will do; a test pool's setting has one for each profile. */
  values: string[];
  /** In whose namespace it must be found. */
  scope: "pod" | "node" | "machine" | "container";
}

/** A place whose settings were read. */
export interface SettingsFound {
  /** "shop/web-7d9f", "node one-node". */
  subject: string;
  /**
   * pod: a network namespace of its own, which has no value of the node's. own: such a one of this machine, of a pod or a container. here: this machine's
   * own, or a pod on its node's network.
   */
  kind: "pod" | "own" | "node" | "here";
  /** Dotted key -> value; null where it could not be read. */
  values: Record<string, string | null>;
  /** Its listeners, each with the limit of its accept queue; null where that could not be read. */
  listeners: { port: number; limit: number | null }[];
}

/** What became of one expected value. elsewhere: nobody could find it in such a place. */
export type Arrival =
  | { state: "has" }
  /** The value is there, and a listener's queue is still what an earlier one allowed: it was opened before. */
  | { state: "older-listener"; port: number; limit: number }
  | { state: "has-not" }
  | { state: "unreadable" }
  | { state: "elsewhere" };

export interface Held {
  subject: string;
  key: string;
  expected: string;
  found: string | null;
  scope: ExpectedSetting["scope"];
  arrival: Arrival;
}

/** What a delivery's record says has to be found. */
export function expectationOfDelivery({ run, suite, settings }: DeliveryRecord): Expectation {
  const origin: Origin =
    run === null
      ? { kind: "suite", name: suite?.name ?? "", profile: suite?.profile ?? null }
      : { kind: "run", id: run.id, profile: run.profile, baseline: run.baseline };
  return {
    origin,
    settings: settings.map(({ key, value, values = [value], scope }) => ({ key, values, scope })),
  };
}

/** The same of what would be delivered. */
export function expectationOfSelection({ origin, settings }: Selection): Expectation {
  const scopeOf = (kind: string) => (kind === "node" ? ("node" as const) : ("pod" as const));
  return {
    origin,
    settings: settings.map(({ key, values, reach }) => ({ key, values, scope: scopeOf(reach.kind) })),
  };
}

/** Each expected value in each place, in the order of the places. */
export function holdAgainst({ settings }: Expectation, places: readonly SettingsFound[]): Held[] {
  return places.flatMap((place) =>
    settings.map(({ key, values, scope }) => {
      const found = place.values[key] ?? null;
      const arrival = arrivalOf({ key, values, scope }, place);
      return { subject: place.subject, key, expected: values.join(" or "), found, scope, arrival };
    }),
  );
}

/** 0 all is there · 1 a value is missing, or a listener goes by an earlier one · 3 nothing is missing, and nothing or not all could be read. */
export function exitOfHeld(held: readonly Held[]): 0 | 1 | 3 {
  const states = held.map(({ arrival }) => arrival.state);
  if (states.some((state) => state === "has-not" || state === "older-listener")) return 1;
  return states.includes("unreadable") || !states.includes("has") ? 3 : 0;
}

function arrivalOf({ key, values, scope }: ExpectedSetting, place: SettingsFound): Arrival {
  if (!scopesOf[place.kind].includes(scope)) return { state: "elsewhere" };
  const found = place.values[key] ?? null;
  if (found === null) return { state: "unreadable" };
  if (!values.some((value) => sameValue(key, value, found))) return { state: "has-not" };
  const older = place.listeners.find(({ limit }) => isOlder(key, found, limit));
  if (older === undefined || older.limit === null) return { state: "has" };
  return { state: "older-listener", port: older.port, limit: older.limit };
}

/** A pod never has the node's values, and a node's own namespace none of a pod's. Here both can be looked for, but no container's. */
const scopesOf: Record<SettingsFound["kind"], ExpectedSetting["scope"][]> = {
  pod: ["pod"],
  own: ["pod", "container"],
  node: ["node", "machine"],
  here: ["pod", "node", "machine"],
};

/** The kernel writes a list of ports its own way: sorted, and ranges joined. */
function sameValue(key: string, expected: string, found: string): boolean {
  if (key === reservedPortsKey) return portsIn(expected) === portsIn(found);
  return normalValue(expected) === normalValue(found);
}

function portsIn(list: string): string {
  const ports = list.split(",").flatMap((entry) => {
    const [low = "", high = low] = entry.trim().split("-");
    const count = low === "" ? 0 : Number(high) - Number(low) + 1;
    return Array.from({ length: Math.min(65_536, Math.max(0, count)) }, (_, at) => Number(low) + at);
  });
  return [...new Set(ports)].sort((a, b) => a - b).join(" ");
}

/**
 * Whether a listener goes by an earlier value: one that is read at listen(), while the queue's limit is smaller and is what a kernel
 * begins with. A program that asks for exactly so much looks the same; any other limit is the program's own backlog.
 */
function isOlder(key: string, found: string, limit: number | null): boolean {
  const setting = settingOf(key);
  if (setting?.read?.moment !== "listen" || limit === null || limit >= Number(found)) return false;
  return setting.defaults.some(({ value }) => Number(value) === limit);
}
