import { gunzipSync } from "node:zlib";
import { endsWithin } from "../../../core/waits.ts";
import type { GeneratorExport } from "../../../engines/engine.ts";
import type { RelayExport } from "../../../pods/messages.ts";
import type { RelayFollow } from "./relay-follow.ts";

/** Exports of one trial's runners: as the relay counted them, and as they came. */
export interface ExportCounts {
  of(runner: number): { sent: number; received: number };
  /** Resolves once the relay has told its counts at a moment or after it (performance.now()); false where it does not in time. */
  toldSince(moment: number, withinMs: number): Promise<boolean>;
  stop(): void;
}

/** Counts all exports, and hands on those from the start on as they come: before it a runner waits for the others. */
export function countExports(
  relay: RelayFollow,
  trial: string,
  onExport: (message: GeneratorExport) => void,
): ExportCounts {
  const received = new Map<number, number>();
  let begun = false;
  let sent: Record<string, number> = {};
  let toldMs = Number.NEGATIVE_INFINITY;
  const onTold = new Set<() => void>();
  const stop = relay.listen((message, atMs) => {
    if (message.kind === "start" && message.trial === trial) begun = true;
    if (message.kind === "export" && message.trial === trial) {
      const { runner, unixMs } = message;
      received.set(runner, (received.get(runner) ?? 0) + 1);
      if (begun) onExport({ runner, unixMs, atMs, body: bodyOf(message) });
    }
    if (message.kind !== "beat") return;
    sent = message.trials[trial] ?? sent;
    toldMs = atMs;
    for (const tell of onTold) tell();
  });
  return {
    of: (runner) => {
      const came = received.get(runner) ?? 0;
      return { sent: Math.max(came, sent[runner] ?? 0), received: came };
    },
    async toldSince(moment, withinMs) {
      const told = Promise.withResolvers<void>();
      const look = () => void (toldMs >= moment && told.resolve());
      onTold.add(look);
      look();
      const inTime = await endsWithin(told.promise, withinMs);
      onTold.delete(look);
      return inTime;
    },
    stop,
  };
}

/** An export is a few KB. */
const largestBytes = 64 * 1024 * 1024;

/** Unpacked; what can't be is handed on as it is, and counts as an export that can't be read. */
function bodyOf({ encoding, body }: RelayExport): Uint8Array {
  const bytes = Buffer.from(body, "base64");
  if (encoding !== "gzip") return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestBytes });
  } catch {
    return bytes;
  }
}
