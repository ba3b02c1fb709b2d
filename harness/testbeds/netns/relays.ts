import { hasRelay, reachedPort } from "../../suite/relays.ts";
import { partOf, type RunningPart } from "../testbed.ts";
import { holderOf } from "./holder.ts";
import { type Relay, startRelay } from "./relay.ts";
import type { StageParts } from "./stage.ts";

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
export function createRelays(made: Pick<StageParts, "request" | "namespaces" | "nodePath">): Relays {
  const relays = new Map<string, Relay>();
  const lost = Promise.withResolvers<string>();
  const startFor = (role: string): Relay => {
    const relay = start(made, role);
    relays.set(role, relay);
    void relay.ended.then(() => lost.resolve(`the relay in front of ${role} ended`));
    return relay;
  };
  return {
    lost: lost.promise,
    of: (role) => known(relays, role),
    open: async (role, part) => {
      if (hasRelay(made.request.suite, role)) await openWhileAlive(relays.get(role) ?? startFor(role), part);
    },
  };
}

function known(relays: Map<string, Relay>, role: string): Relay {
  const relay = relays.get(role);
  if (relay === undefined) throw new Error(`${role} has no relay`);
  return relay;
}

/** Without its upstream a relay refuses connections, as the port itself would. In the teardown both are gone. */
async function openWhileAlive(relay: Relay, part: RunningPart): Promise<void> {
  await relay.tell({ open: true });
  void part.ended.then(() => relay.tell({ open: false })).catch(() => {});
}

function start({ request, namespaces, nodePath }: Parameters<typeof createRelays>[0], role: string): Relay {
  const { suite, profile } = request;
  const { port: upstreamPort, cpus } = partOf(suite, profile, role);
  const { ipVersion } = suite;
  const port = reachedPort(suite, role);
  return startRelay(holderOf(namespaces.holders, role), { port, upstreamPort, ipVersion, cpus, nodePath });
}
