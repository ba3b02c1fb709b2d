import type { RelayMessage } from "../../../pods/messages.ts";
import { followLines, type LineFollow, type OpenLog } from "./follow-lines.ts";

/** What a run's relay says. */
export interface RelayFollow extends LineFollow {
  /** Calls for each message from now on, with its moment on this process's performance.now(). Gives the way to end that. */
  listen(listener: (message: RelayMessage, atMs: number) => void): () => void;
  /** Requests without the run's secret that it turned away since this was last asked. */
  takeUnauthenticated(): number;
}

/** Follows the relay's log for as long as a run lasts. */
export function followRelay(openLog: OpenLog, pod: string): RelayFollow {
  const listeners = new Set<(message: RelayMessage, atMs: number) => void>();
  let unauthenticated = 0;
  const follow = followLines<RelayMessage>({
    openLog,
    pod,
    container: "relay",
    whose: "the relay's log",
    onMessage(message, at) {
      if (message.kind === "beat") unauthenticated += message.unauthenticated;
      for (const listener of listeners) listener(message, at(message.ms));
    },
  });
  return {
    ...follow,
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    takeUnauthenticated() {
      const taken = unauthenticated;
      unauthenticated = 0;
      return taken;
    },
  };
}
