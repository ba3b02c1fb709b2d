import type { GeneratorDeath } from "../results/stop-reason.ts";
import type { RunningLoad } from "./load-driver.ts";

/** k6 exports from its start on, during setup() too: without any for so long the script's init code does not end. */
const firstExportMs = 20_000;

/** Ten exports of 500 ms each. What k6 measured meanwhile is not known, and no stop criterion is looked at. */
const betweenExportsMs = 5000;

/** Waits for the generator's word, from begin() to end(). */
export interface SilenceWatch {
  /** k6 runs; `received` says how many exports came in so far, `trouble` what else may be the cause of silence. */
  begin(load: Pick<RunningLoad, "received" | "trouble">): void;
  /** A window came. */
  heard(): void;
  end(): void;
}

/**
 * Tells once that nothing came from k6 for too long: it hangs, or its exports do not get through. Before the first window only a k6
 * that exports nothing at all counts as silent: a long setup() exports no numbers.
 */
export function watchSilence(onSilence: (death: GeneratorDeath) => void): SilenceWatch {
  let troubleOf: () => string | null = () => null;
  const say = (ms: number, begun: boolean) =>
    onSilence({ kind: "silent", seconds: ms / 1000, begun, trouble: troubleOf() });
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  return {
    begin(load) {
      troubleOf = load.trouble;
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        if (load.received() > 0) return;
        say(firstExportMs, false);
      }, firstExportMs);
    },
    heard() {
      clearTimeout(timer);
      if (!over) timer = setTimeout(() => say(betweenExportsMs, true), betweenExportsMs);
    },
    end() {
      over = true;
      clearTimeout(timer);
    },
  };
}
