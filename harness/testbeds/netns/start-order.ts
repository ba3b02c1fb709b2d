import { abortable } from "../../core/waits.ts";
import type { Suite } from "../../suite/suite.ts";
import { awaitedBy, dependenciesOf } from "./dependencies.ts";

/** Starts a part in its turn; rejects as `start` does, or as the start of one that it waits for did. */
export type InTurn = <Started>(role: string, start: () => Promise<Started>) => Promise<Started>;

/** All parts may be started at once: an upstream that dials others waits until they are ready. The signal ends the wait. */
export function startOrder(upstreams: Suite["upstreams"], signal: AbortSignal): InTurn {
  const dependencies = dependenciesOf(upstreams);
  const turns = new Map(Object.keys(upstreams).map((name) => [name, Promise.withResolvers<void>()]));
  // Who waits for it hears of it; often nobody does.
  for (const { promise } of turns.values()) promise.catch(() => {});
  return async (role, start) => {
    try {
      const awaited = awaitedBy(dependencies, role).flatMap((other) => turns.get(other)?.promise ?? []);
      await abortable(Promise.all(awaited), signal);
      const started = await start();
      turns.get(role)?.resolve();
      return started;
    } catch (error) {
      turns.get(role)?.reject(error);
      throw error;
    }
  };
}
