import { availableParallelism } from "node:os";
import { formatSpan } from "../core/numbers.ts";

/** How far a build of Go programs has come. */
export interface BuildProgress {
  /** A line of `go list`, which names what it fetches. */
  fetching(line: string): void;
  /** What has to be compiled, as `go list` told it: "PACKAGE FILES" a line. The compilation begins. */
  toCompile(listed: string): void;
  /** A line of `go build -v`: the package whose compilation begins. */
  compiling(line: string): void;
  /** Since the start. */
  seconds(): number;
  /** "40 s, 312 of 840 packages, about 1 min 5 s left" */
  text(): string;
}

/** With less of the files begun what they took says too little of the others. */
const tellingShare = 0.2;

/** `usualSeconds`: what a build of all takes here; `nowMs` is a monotonic clock. Packages count by their files: what a file takes differs less. */
export function createBuildProgress(usualSeconds: number, nowMs: () => number): BuildProgress {
  const startedMs = nowMs();
  let compileMs = startedMs;
  let fetched = 0;
  let filesOf = new Map<string, number>();
  const begun = new Set<string>();
  const secondsSince = (ms: number) => (nowMs() - ms) / 1000;
  const left = () => {
    const share = filesIn(filesOf, begun) / Math.max(1, filesIn(filesOf, filesOf.keys()));
    const taken = secondsSince(compileMs);
    return share < tellingShare ? Math.max(0, usualSeconds - taken) : (taken * (1 - share)) / share;
  };
  return {
    fetching: (line) => {
      if (line.startsWith("go: downloading ")) fetched += 1;
    },
    toCompile: (listed) => {
      const rows = [...listed.matchAll(/^(\S+) (\d+)$/gm)];
      filesOf = new Map(rows.map(([, path = "", files]) => [path, Number(files)]));
      compileMs = nowMs();
    },
    compiling: (line) => {
      if (filesOf.has(line)) begun.add(line);
    },
    seconds: () => secondsSince(startedMs),
    text: () => {
      const elapsed = formatSpan(secondsSince(startedMs));
      if (filesOf.size === 0) return `${elapsed}, ${fetched} modules fetched`;
      const done = `${elapsed}, ${begun.size} of ${filesOf.size} packages`;
      return begun.size < filesOf.size ? `${done}, about ${formatSpan(left())} left` : `${done}, the last steps`;
    },
  };
}

function filesIn(filesOf: Map<string, number>, packages: Iterable<string>): number {
  let sum = 0;
  for (const path of packages) sum += filesOf.get(path) ?? 0;
  return sum;
}

/** Seconds that a build with nothing compiled before takes on this machine. */
export function usualBuildSeconds({ cpuSeconds }: { cpuSeconds: number }): number {
  return cpuSeconds / availableParallelism();
}

/** "about 1 min 45 s" */
export function usualBuildWords(programs: { cpuSeconds: number }): string {
  return `about ${formatSpan(usualBuildSeconds(programs))}`;
}
