/** How long tests took, by file and by kind, beside what CI has for them: told at the end of a run, never a failure. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

/** Variable that names the file to which each file of tests adds its time (file-time.ts), a line of JSON each. */
export const timesVariable = "TUNEBENCH_TEST_TIMES";

const fileTime = z.object({ file: z.string(), seconds: z.number(), cpuSeconds: z.number() });

/** What one file of tests took: on the clock, and of CPU in its own thread (programs that it starts are not in it). */
export type FileTime = z.infer<typeof fileTime>;

/** Minutes on 2 cores, by the kinds that share them: the most that each may take. Together they have 23. */
const budgets = [
  { name: "pure", kinds: ["unit"], minutes: 3 },
  { name: "cli and integration", kinds: ["cli", "integration"], minutes: 6 },
  { name: "observe and find", kinds: ["observe", "find", "observe and find"], minutes: 3 },
  { name: "hostile", kinds: ["hostile"], minutes: 1 },
  { name: "kubernetes", kinds: ["kubernetes"], minutes: 5 },
  { name: "truth", kinds: ["truth"], minutes: 4 },
  { name: "the rest", kinds: ["browser"], minutes: 1 },
];

/** `cli and integration: 5.2 minutes of 6 (cli 1.9, integration 3.3)`: a line a budget, a kind without one by itself. */
export function budgetLines(secondsByKind: Map<string, number>): string[] {
  const budgeted = budgets.flatMap(({ name, kinds, minutes }) => {
    const ran = kinds.filter((kind) => secondsByKind.has(kind));
    if (ran.length === 0) return [];
    const all = ran.reduce((sum, kind) => sum + (secondsByKind.get(kind) ?? 0), 0);
    const each = ran.map((kind) => `${kind} ${inMinutes(secondsByKind.get(kind) ?? 0)}`);
    return [`${name}: ${inMinutes(all)} minutes of ${minutes} (${each.join(", ")})`];
  });
  const others = [...secondsByKind].filter(([kind]) => !budgets.some(({ kinds }) => kinds.includes(kind)));
  return [...budgeted, ...others.map(([kind, seconds]) => `${kind}: ${inMinutes(seconds)} minutes`)];
}

/** The slowest files first: `   12.1 s,   0.9 s of CPU  test/cli/gate.test.ts`. */
export function slowestLines(times: FileTime[], most: number): string[] {
  return times
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, most)
    .map(({ file, seconds, cpuSeconds }) => `${inSeconds(seconds)}, ${inSeconds(cpuSeconds)} of CPU  ${file}`);
}

/** The times that files added to the list; none where there is no list. */
export function readTimes(list: string): FileTime[] {
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => fileTime.parse(JSON.parse(line)));
}

function inMinutes(seconds: number): string {
  return (seconds / 60).toFixed(1);
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(1).padStart(7)} s`;
}
