import { isOfNamespaces } from "./keys.ts";
import { reachOf, waysRoundAllowlist } from "./kubernetes.ts";
import { areas, type Family, type ReadMoment, type Setting, type SettingScope } from "./setting.ts";

/** What is known of a setting, in the order in which it is read; `code` stands in backticks. */
export interface Page {
  title: string;
  summary: string;
  sections: PageSection[];
}

export interface PageSection {
  title: string;
  blocks: PageBlock[];
}

/** terms: a value or word, and what is to be said of it. */
export type PageBlock =
  | { kind: "text"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "terms"; rows: [term: string, text: string][] };

/** The page about a setting that has a record. */
export function pageOf(setting: Setting): Page {
  const { key, summary, bounds, defaults, read, scope, worthTrying, traps, watch, sources } = setting;
  return {
    title: key,
    summary,
    sections: [
      section("What it bounds", bounds.map(text)),
      section("When it is read", read === null ? [] : [text(`${momentWords[read.moment]} ${read.meaning}`)]),
      section("Default", terms(defaults.map(({ value, when }) => [value === "" ? "-" : value, when]))),
      section("Namespaces", scopeWords(scope).map(text)),
      section("Kubernetes", [text(reachWords(key, scope))]),
      section("What to try, and why", terms(worthTrying.map(({ value, why }) => [value, why]))),
      section("Traps", list(traps)),
      section("How to deliver it", deliveryBlocks(setting)),
      section("What to watch then", watch === null ? [] : [text(watch.text)]),
      section("Source", list(sources)),
    ].filter(({ blocks }) => blocks.length > 0),
  };
}

/** The page about a key of which no more is known than its family. */
export function pageOfFamily(key: string, { patterns, summary, scope, sources }: Family): Page {
  const all = patterns.map((one) => `\`${one}\``).join(", ");
  const family = `It has no record of its own: what is known is whose it is, as one of ${all}.`;
  return {
    title: key,
    summary,
    sections: [
      section("Known of it", [text(family)]),
      section("Namespaces", scopeWords(scope).map(text)),
      section("Kubernetes", [text(reachWords(key, scope))]),
      section("Source", list(sources)),
    ],
  };
}

/** Every setting that has a record: the areas, each with its settings. */
export function contentsOf(settings: readonly Setting[]): { title: string; settings: Setting[] }[] {
  return Object.entries(areas).map(([area, title]) => ({
    title,
    settings: settings.filter((setting) => setting.area === area),
  }));
}

const momentWords: Record<ReadMoment, string> = {
  listen: "At listen().",
  connect: "At connect().",
  bind: "At bind().",
  socket: "When a socket is made.",
  handshake: "While a connection is made.",
  close: "When a connection is closed.",
  always: "Whenever it is needed.",
};

function scopeWords(scope: SettingScope): string[] {
  if (scope.kind === "machine") {
    const inside = {
      absent: "a new namespace does not have the key",
      "read-only": "a namespace shows it and can't write it",
      writable: "a write in any namespace changes it for all, and tunebench never writes it",
    };
    return [`The machine's own: ${scope.governs}; ${inside[scope.inside]}.`];
  }
  const { namespace, sinceKernel, starts, rootlessSinceKernel } = scope;
  const since = sinceKernel === null ? "" : ` since Linux ${sinceKernel}`;
  const begins = { default: "the kernel's default", copy: "a copy of what the machine has at that moment" };
  return [
    `Private to each ${namespace === "ipc" ? "IPC" : "network"} namespace${since}.${starts === null ? "" : ` A new one begins with ${begins[starts]}${starts === "default" ? ", whatever the machine has" : ""}.`}`,
    ...(rootlessSinceKernel === null
      ? []
      : [
          `An ordinary user's namespace (rootless) shows it from Linux ${rootlessSinceKernel} on; before, only root can set it.`,
        ]),
  ];
}

function reachWords(key: string, scope: SettingScope): string {
  const reach = reachOf(key, Number.POSITIVE_INFINITY);
  if (reach.kind === "node") return nodeWords(key, scope);
  if (reach.kind === "safe") {
    const since = reach.since === 0 ? "in every version" : `since 1.${reach.since}`;
    const kernel = reach.kernel === null ? "" : `, on nodes with Linux ${reach.kernel} or newer`;
    return `Safe ${since}${kernel}: any pod may have it, and every level of Pod Security allows it.`;
  }
  return "Unsafe: a pod may have it where the node's kubelet lists it in `allowedUnsafeSysctls` and the namespace's Pod Security level is privileged.";
}

/** The kubelet knows what is the node's by the beginning of a name, and takes all of net.* for a pod's. */
function nodeWords(key: string, scope: SettingScope): string {
  if (!isOfNamespaces(key)) return "The node's own: the kubelet never lets a pod have it.";
  return scope.kind === "machine" && scope.inside === "writable"
    ? "The node's own, and the kubelet does not know it: allowlisted, a pod's write would change the node for all."
    : "The node's own, and the kubelet does not know it: allowlisted, it gets as far as runc, which then can't make the pod's sandbox.";
}

function deliveryBlocks({ key, scope, worthTrying, isUsual }: Setting): PageBlock[] {
  if (worthTrying.length === 0 && (scope.kind === "machine" || isUsual !== true)) return [];
  const value = worthTrying[0]?.value ?? "VALUE";
  const rows: [string, string][] = [
    [
      "measure it",
      `\`profiles: {mine: {${key}: ${/^(\d+|VALUE)$/.test(value) ? value : JSON.stringify(value)}}}\` in a suite`,
    ],
    [
      "a machine",
      `\`sysctl -w ${key}=${/ /.test(value) ? JSON.stringify(value) : value}\` now; a line in a file of /etc/sysctl.d for every start`,
    ],
  ];
  if (scope.kind === "machine") {
    const node = "the nodes' own configuration: `tunebench deliver RUN --profile NAME --platform PLATFORM` writes it";
    return terms([...rows.slice(1), ["a cluster", node]]);
  }
  const pod =
    "`securityContext.sysctls` of the pod; `tunebench deliver RUN --profile NAME --platform PLATFORM` writes it";
  const reach = reachOf(key, Number.POSITIVE_INFINITY);
  return [
    ...terms([...rows, ["a cluster", reach.kind === "safe" ? pod : `${pod}, and the nodes' allowlist`]]),
    ...(reach.kind === "unsafe" && isUsual === true ? list(waysRoundAllowlist) : []),
  ];
}

function section(title: string, blocks: PageBlock[]): PageSection {
  return { title, blocks };
}

function text(words: string): PageBlock {
  return { kind: "text", text: words };
}

function list(items: string[]): PageBlock[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

function terms(rows: [string, string][]): PageBlock[] {
  return rows.length === 0 ? [] : [{ kind: "terms", rows }];
}
