import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { IncompleteError } from "../../core/errors.ts";
import { programFile } from "../../core/package-root.ts";
import { enterArgv } from "./enter.ts";
import { assertPrivate, type Holder } from "./holder.ts";
import { pinnedTo } from "./programs.ts";

/** What a relay is told: how much later answers are passed on, or whether it takes connections. */
export type RelayOrder = { addedMs: number } | { open: boolean };

/** A TCP relay in front of an upstream, in the upstream's namespace. */
export interface Relay {
  /** Resolves when it is carried out. Rejects with IncompleteError where the relay could not, or is gone. */
  tell(order: RelayOrder): Promise<void>;
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
}

export interface RelayRequest {
  /** Port that the relay listens on, and the upstream's own. */
  port: number;
  upstreamPort: number;
  ipVersion: 4 | 6;
  cpus: string | null;
  nodePath: string;
}

/**
 * Starts a relay, closed. It reaches the upstream over loopback, where the kernel takes ports in TIME_WAIT again after a second
 * (tcp_tw_reuse=2, its default): with an address of its own its ports would run out before the target's.
 */
export function startRelay(holder: Holder, request: RelayRequest): Relay {
  assertPrivate(holder);
  const [command = "nsenter", ...inside] = [...enterArgv(holder), ...pinnedTo(request.cpus)];
  const host = request.ipVersion === 6 ? "::1" : "127.0.0.1";
  const argv = [
    request.nodePath,
    programFile("testbeds/netns/relay-child"),
    String(request.port),
    host,
    String(request.upstreamPort),
  ];
  const child = spawn(command, [...inside, ...argv], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: {},
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let last: Promise<void> = Promise.resolve();
  return {
    ended,
    tell: (order) => {
      // Answers come in the order of the orders, so each waits for the one before.
      const told = last.then(() => carryOut(child, holder.role, order, ended));
      last = told.catch(() => {});
      return told;
    },
  };
}

async function carryOut(child: ChildProcess, role: string, order: RelayOrder, ended: Promise<void>): Promise<void> {
  const fail = (why: string) => new IncompleteError(`the relay of ${role} failed: ${why}`);
  if (!child.connected) throw fail("it ended");
  const answer = once(child, "message").then(([message]) => String(message));
  child.send(order, () => {});
  const said = await Promise.race([answer, ended.then(() => "it ended")]);
  if (said !== "done") throw fail(said);
}
