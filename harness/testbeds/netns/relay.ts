import { type ChildProcess, spawn } from "node:child_process";
import { IncompleteError } from "../../core/errors.ts";
import { programFile } from "../../core/package-root.ts";
import { hasRelay, reachedPort } from "../../suite/relays.ts";
import { partOf, type RunningPart, type TrialSpec } from "../testbed.ts";
import { pinnedTo } from "./cpu-pins.ts";
import { enterArgv } from "./enter.ts";
import { assertPrivate, type Holder, holderOf } from "./holder.ts";

/** The relays of one trial: none for most suites. */
export interface Relays {
  /** Lets the relay of a role, if it has one, take connections as long as this part of the role lives. */
  open(role: string, part: RunningPart): Promise<void>;
  /** @throws a bug where the role has none */
  of(role: string): Relay;
  /** Resolves when one has ended. */
  readonly lost: Promise<string>;
}

/** A relay is started with the first part of its role, and stays through the part's death: a new one finds it there. */
export function createRelays(holders: Map<string, Holder>, spec: TrialSpec, nodePath: string): Relays {
  const relays = new Map<string, Relay>();
  const lost = Promise.withResolvers<string>();
  const startFor = (role: string): Relay => {
    const relay = startRelay(holderOf(holders, role), relayRequest(spec, role, nodePath));
    relays.set(role, relay);
    void relay.ended.then(() => lost.resolve(`the relay in front of ${role} ended`));
    return relay;
  };
  return {
    lost: lost.promise,
    of: (role) => known(relays, role),
    open: async (role, part) => {
      if (hasRelay(spec.suite, role)) await openWhileAlive(relays.get(role) ?? startFor(role), part);
    },
  };
}

function relayRequest({ suite, profile }: TrialSpec, role: string, nodePath: string): RelayRequest {
  const { port: upstreamPort, cpus } = partOf(suite, profile, role);
  return { port: reachedPort(suite, role), upstreamPort, ipVersion: suite.ipVersion, cpus, nodePath };
}

function known(relays: Map<string, Relay>, role: string): Relay {
  const relay = relays.get(role);
  if (relay === undefined) throw new Error(`${role} has no relay`);
  return relay;
}

/** Without its upstream a relay refuses connections, as the port itself would. At the trial's end both are gone. */
async function openWhileAlive(relay: Relay, part: RunningPart): Promise<void> {
  await relay.tell({ open: true });
  void part.ended.then(() => relay.tell({ open: false })).catch(() => {});
}

/** What a relay is told: how much later answers are passed on, or whether it takes connections. */
export type RelayOrder = { addedMs: number } | { open: boolean };

/** A TCP relay in front of an upstream, in the upstream's namespace. */
interface Relay {
  /** Resolves when it is carried out. Rejects with IncompleteError where the relay could not, or is gone. */
  tell(order: RelayOrder): Promise<void>;
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
}

interface RelayRequest {
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
function startRelay(holder: Holder, request: RelayRequest): Relay {
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
  const said = Promise.withResolvers<string>();
  child.once("message", (message) => said.resolve(String(message)));
  void ended.then(() => said.resolve("it ended"));
  if (child.connected) child.send(order, () => {});
  else said.resolve("it ended");
  const answer = await said.promise;
  if (answer !== "done") throw new IncompleteError(`the relay of ${role} failed: ${answer}`);
}
