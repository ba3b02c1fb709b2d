import { endpointText } from "../core/endpoint.ts";
import { reachedPort } from "./relays.ts";
import type { Suite } from "./suite.ts";

/**
 * References in a part's command and env, and in the load's env: `${upstreams.db.host}`, `${upstreams.db.port}`, `${upstreams.db.address}`
 * (host:port, an IPv6 host in brackets), the same of `${target...}`, `${folder}` (the suite's folder) and `${data}` (a folder
 * that lives as long as one trial), and `${env.NAME}`, which takes its value from the environment of whoever runs tunebench and is never
 * stored. `$${` stands for a literal `${`.
 */

/** Puts values in place of references; `values` has a text for each name that parse let through. */
export function interpolate(text: string, values: Record<string, string>): string {
  return text.replace(reference, (whole, name: string | undefined) => {
    if (name === undefined) return "${";
    const value = variableOf(name) === null ? ownValue(values, name) : process.env[variableOf(name) ?? ""];
    if (value === undefined) throw new Error(`no value for the reference ${whole}`);
    return value;
  });
}

function ownValue(values: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Variable of the caller's environment that a reference names; null for any other reference. */
export function variableOf(name: string): string | null {
  return /^env\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(name)?.[1] ?? null;
}

/** References of a text in order, by the name between `${` and `}`; `closed` is false where the `}` is missing. */
export function referencesIn(text: string): { name: string; closed: boolean }[] {
  return [...text.matchAll(reference)].flatMap(([whole, name]) =>
    name === undefined ? [] : [{ name, closed: whole.endsWith("}") }],
  );
}

/** All names that a suite with these upstreams may refer to. */
export function referenceNames(upstreams: string[]): string[] {
  const parts = [...upstreams.map((name) => `upstreams.${name}`), "target"];
  return [...parts.flatMap((part) => [`${part}.host`, `${part}.port`, `${part}.address`]), "folder", "data"];
}

/**
 * Values of all references of one trial.
 * @param trial addresses by role ("target" or an upstream's name), and the trial's data folder; an upstream's port is the one it is reached at
 */
export function referenceValues(
  suite: Pick<Suite, "target" | "upstreams" | "folder" | "experiment">,
  trial: { addresses: Record<string, string>; dataFolder: string },
): Record<string, string> {
  const values: Record<string, string> = { folder: suite.folder, data: trial.dataFolder };
  const parts = [{ role: "target", prefix: "target", port: suite.target.port }];
  for (const name of Object.keys(suite.upstreams)) {
    parts.push({ role: name, prefix: `upstreams.${name}`, port: reachedPort(suite, name) });
  }
  for (const { role, prefix, port } of parts) {
    const host = trial.addresses[role];
    if (host === undefined) throw new Error(`no address for ${role}`);
    values[`${prefix}.host`] = host;
    values[`${prefix}.port`] = String(port);
    values[`${prefix}.address`] = endpointText(host, port);
  }
  return values;
}

/** `$${` first, so that an escaped reference is not seen; then `${name}`, or an open `${` up to the text's end. */
const reference = /\$\$\{|\$\{([^}]*)(?:\}|$)/g;
