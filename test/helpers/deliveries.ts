import { readFileSync } from "node:fs";
import { type DeliveredFiles, deliver } from "../../harness/deliver/deliver.ts";
import { parseMime } from "../../harness/deliver/mime.ts";
import type { FromFile } from "../../harness/deliver/platform.ts";
import type { PlatformName } from "../../harness/deliver/platform-names.ts";
import { selectFromRun } from "../../harness/deliver/select-from-run.ts";
import { selectForSuite } from "../../harness/deliver/select-from-suite.ts";
import type { Selection } from "../../harness/deliver/selection.ts";
import { treeFile } from "./cli.ts";
import { portExhaustionRun } from "./stories.ts";

/** The first story's rollout: both keys of `all` that moved the wall, somaxconn left out. */
export function rollout(profile = "all", minor = 34): Selection {
  const { run, trials } = portExhaustionRun(10);
  return selectFromRun(run, trials, profile, minor);
}

/** A pool on which port-exhaustion could be measured. */
export function testPool(): Selection {
  const sysctls = { "net.ipv4.tcp_tw_reuse": "1", "net.core.somaxconn": "65535" };
  return selectForSuite("port-exhaustion", [sysctls, { "net.ipv4.ip_local_port_range": "1024 65535" }], 34);
}

/** A rollout with a key of the node's own beside a pod's. */
export function nodeLevel(): Selection {
  const reach = { kind: "node" } as const;
  const backlog = { key: "net.core.netdev_max_backlog", value: "5000", values: ["5000"], reach, evidence: null };
  const selection = rollout();
  return { ...selection, settings: [...selection.settings, backlog] };
}

/** A user's file among the fixtures. */
export function fromFixture(name: string): FromFile {
  return { name, text: readFileSync(treeFile("test/fixtures/deliver", name), "utf8") };
}

/** A delivery's files by name. */
export function filesOf({ files }: Pick<DeliveredFiles, "files">): Record<string, string> {
  return Object.fromEntries(files.map(({ name, text }) => [name, text]));
}

/** One file of a delivery. */
export function fileOf(platform: PlatformName, selection: Selection, from: FromFile | null, name: string): string {
  const files = filesOf(deliver(platform, selection, from));
  const text = files[name];
  if (text === undefined) throw new Error(`${platform} wrote no ${name}: ${Object.keys(files).join(", ")}`);
  return text;
}

/** The NodeConfig document within a node's user data; null without one. */
export function nodeConfigOf(userData: string): string | null {
  return (
    parseMime(userData)?.parts.findLast(({ contentType }) => contentType === "application/node.eks.aws")?.body ?? null
  );
}
