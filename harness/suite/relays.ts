import { conditionsOf } from "../results/goals-of.ts";
import type { Suite } from "./suite.ts";

/**
 * An upstream that is made slower at some moment is reached through a relay in its own namespace, in every profile and for the
 * whole trial, so that all arms are alike.
 */
export function hasRelay({ experiment }: Pick<Suite, "experiment">, upstream: string): boolean {
  return conditionsOf(experiment).some(({ actions }) =>
    actions.some(({ kind, part }) => kind === "latency" && part === upstream),
  );
}

/** The port at which the target reaches an upstream: its own, or its relay's. */
export function reachedPort(suite: Pick<Suite, "experiment" | "upstreams">, upstream: string): number {
  const port = suite.upstreams[upstream]?.port;
  if (port === undefined) throw new Error(`no upstream ${upstream}`);
  return hasRelay(suite, upstream) ? relayPortOf(port) : port;
}

/** 3306 is relayed at 13306: near enough to be known again in a socket table, and never the upstream's own. */
function relayPortOf(port: number): number {
  return port < 50_000 ? port + 10_000 : port - 10_000;
}
