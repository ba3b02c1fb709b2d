import { formatCount } from "../../core/numbers.ts";
import { formatChosen, formatRate, formatSeconds } from "../../core/units.ts";
import type { GeneratorDeath, PartDeath, StopReason } from "../../results/stop-reason.ts";
import { isFall } from "./cliff.ts";
import { k6EndWords } from "./k6-end.ts";

/** What ended the load, as a clause: "p99 above 90 ms, 2 windows running". */
export function stopWords(stop: StopReason): string {
  switch (stop.criterion) {
    case "fault": {
      const { fault, ratio, windows } = stop;
      return `${fault ?? "faults"} in at least ${formatChosen(ratio, "fraction")} of requests, ${windows} windows running`;
    }
    case "requests":
      return `${formatCount(stop.requests)} requests`;
    case "after":
      return `${formatChosen(stop.afterMs / 1000, "s")} since the first request`;
    case "latency":
      return `${stop.quantile} above ${formatChosen(stop.aboveMs, "ms")}, ${stop.windows} windows running`;
    case "cliff":
      return isFall(stop)
        ? `scan cliff: ${formatRate(stop.beforePerSecond)} fell to ${formatRate(stop.afterPerSecond)}`
        : `scan cliff: the latency rose at ${formatRate(stop.afterPerSecond)}`;
    case "saturated":
      return `it did not keep up with the rate asked, ${stop.windows} windows running`;
    case "decided":
      return `twice the baseline's wall of ${formatCount(stop.wallRequests)} requests, its ports level ${stop.windows} windows running`;
    case "load-ended":
      return `${generatorName(stop)} ended by itself: ${k6EndWords({ exitCode: 0, signal: null })}`;
    case "script-threw":
      return `the script threw each time, ${formatCount(stop.thrown)} times`;
    case "target-died":
    case "upstream-died":
      return partDeathWords(stop.role, stop.death);
    case "part-lost":
      return stop.words;
    case "generator-died":
      return generatorDeathWords(stop.death);
  }
}

/** "db ended (signal SIGKILL) while under load" */
export function partDeathWords(role: string, death: PartDeath): string {
  if (death.kind === "not-undone") return death.words;
  const how = death.signal === null ? `exit code ${death.exitCode}` : `signal ${death.signal}`;
  return `${role} ended (${how}) while under load`;
}

/** "k6 ended by itself: killed by SIGKILL", "nothing came from k6 for 5 s" */
export function generatorDeathWords(death: GeneratorDeath): string {
  const name = generatorName(death);
  switch (death.kind) {
    case "ended":
      return `${name} ended by itself: ${generatorEndWords(death)}`;
    case "ended-early":
      return `${name} ended by itself after ${formatSeconds(death.seconds)} of ${formatChosen(death.plannedSeconds, "s")}: its load was not the suite's`;
    case "unending":
      return `${name} had not ended ${formatChosen(death.seconds, "s")} after its start: the script's setup() or teardown() may not end`;
    case "silent":
      return silenceWords(death);
  }
}

/** What people call an engine's generator. */
export const generatorNames = { k6: "k6", locust: "Locust" } as const;

/** What made a load, for people; k6 where a record names none. */
export function generatorName({ engine }: Pick<GeneratorDeath, "engine">): string {
  return generatorNames[engine ?? "k6"];
}

/** How a generator ended. Locust's exit codes have no meanings of their own. */
export function generatorEndWords(
  end: Pick<Extract<GeneratorDeath, { kind: "ended" }>, "engine" | "exitCode" | "signal">,
): string {
  const isLocusts = end.engine === "locust" && end.signal === null && end.exitCode !== null;
  return isLocusts ? `exit code ${end.exitCode}` : k6EndWords(end);
}

function silenceWords(death: Extract<GeneratorDeath, { kind: "silent" }>): string {
  const silence = `nothing came from ${generatorName(death)} ${death.begun ? "for" : "within"} ${formatChosen(death.seconds, "s")}`;
  if (death.trouble !== null) return `${silence}: the way to it is cut (${death.trouble})`;
  return death.begun ? silence : `${silence}: the script's init code may not end`;
}
