import type { GeneratorDeath } from "../results/stop-reason.ts";
import type { RunningLoad } from "../testbeds/testbed.ts";

/** k6 exports from its start on, during setup() too: without any for so long the script's init code does not end. */
const firstExportMs = 20_000;

/** Ten exports of 500 ms each. What k6 measured meanwhile is not known, and no stop criterion is looked at. */
const betweenExportsMs = 5000;

/** Watches a load from begin() to end(). */
export interface GeneratorBounds {
  /** k6 runs; `received` says how many exports came in so far, `trouble` what else may be the cause of silence. */
  begin(load: Pick<RunningLoad, "received" | "trouble" | "longestMs">): void;
  /** A window came. */
  heard(): void;
  /** The harness itself stood still, and could hear nothing: silence counts from now on. */
  stoodStill(): void;
  end(): void;
}

/**
 * Tells once that a generator does not keep its bounds in time, by the harness's clock: nothing came from it for too long (it hangs, or its
 * exports do not get through), or it goes on for longer than its schedule and all around that may take. Before the first window only a k6 that
 * exports nothing at all counts as silent: a long setup() exports no numbers.
 */
export function watchBounds(onBreach: (death: GeneratorDeath) => void): GeneratorBounds {
  let load: Parameters<GeneratorBounds["begin"]>[0] | null = null;
  let silence: NodeJS.Timeout | undefined;
  let whole: NodeJS.Timeout | undefined;
  let begun = false;
  let over = false;
  const listen = () => {
    clearTimeout(silence);
    if (over) return;
    const ms = begun ? betweenExportsMs : firstExportMs;
    silence = setTimeout(() => {
      if (!begun && load?.received() !== 0) return;
      onBreach({ kind: "silent", seconds: ms / 1000, begun, trouble: load?.trouble() ?? null });
    }, ms);
  };
  return {
    begin(running) {
      load = running;
      const { longestMs } = running;
      whole = setTimeout(() => onBreach({ kind: "unending", seconds: longestMs / 1000 }), longestMs);
      listen();
    },
    heard() {
      begun = true;
      listen();
    },
    stoodStill: listen,
    end() {
      over = true;
      clearTimeout(silence);
      clearTimeout(whole);
    },
  };
}
