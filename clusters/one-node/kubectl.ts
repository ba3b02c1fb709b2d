import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import { IncompleteError } from "../../harness/core/errors.ts";
import { kubeconfigFile } from "./configuration.ts";
import { places } from "./places.ts";

/** kubectl as the cluster's administrator, from the machine: by the same way as the harness and the user come. */
export interface Kubectl {
  /** The program's file. */
  path: string;
  /** What a call wrote; null where it failed. */
  ask(...args: string[]): Promise<string | null>;
}

/** The kubectl that was built with the cluster's other programs. */
export function kubectlOf(programsFolder: string): Kubectl {
  const path = join(programsFolder, "kubectl");
  const cache = join(places.stateFolder, "kubectl");
  const fixed = ["--kubeconfig", kubeconfigFile, "--cache-dir", cache, "--request-timeout=5s"];
  // Without the user's environment: a proxy would be asked for the node's address.
  const quiet = { reject: false, timeout: 10_000, stdin: "ignore", extendEnv: false, env: {} } as const;
  return {
    path,
    async ask(...args) {
      const { failed, stdout } = await execa(path, [...fixed, ...args], quiet);
      return failed ? null : stdout;
    },
  };
}

/** What of the API's Node is looked at. */
interface NodeObject {
  spec?: { taints?: { key: string }[] };
  status: { conditions?: { type: string; status: string; message: string; lastHeartbeatTime: string }[] };
}

/** The node's Ready condition as the kubelet last told it; null where there is none, or no answer. */
export async function readiness(
  kubectl: Kubectl,
  name: string,
): Promise<{ ready: boolean; message: string; toldAt: Date } | null> {
  const text = await kubectl.ask("get", "node", name, "--output=json");
  const node = text === null ? null : (JSON.parse(text) as NodeObject);
  const condition = node?.status.conditions?.find(isReadyCondition);
  if (condition === undefined) return null;
  const { status, message, lastHeartbeatTime } = condition;
  return { ready: status === "True" && !isTainted(node), message, toldAt: new Date(lastHeartbeatTime) };
}

/** The controllers take the taint of a new node away a moment after it is ready: until then it takes no pods. */
function isTainted(node: NodeObject | null): boolean {
  return node?.spec?.taints?.some(({ key }) => key === "node.kubernetes.io/not-ready") === true;
}

function isReadyCondition({ type }: { type: string }): boolean {
  return type === "Ready";
}

/** Asks again until it is so; `check` throws where it can't become so any more. Throws IncompleteError once a minute is over. */
export async function until(what: string, isSo: () => Promise<boolean>, check: () => void): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (!(await isSo())) {
    check();
    if (performance.now() > deadlineMs) throw new IncompleteError(`${what}: not within a minute`);
    await wait(200);
  }
}
