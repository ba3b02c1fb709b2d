import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { createTableReader } from "../../harness/sampling/ports.ts";
import { startObserver } from "../../harness/sampling/start-observer.ts";
import { type Benchmark, type Figure, ratioFigure } from "./figures.ts";
import { type ManySockets, openTimeWaits, portRange } from "./many-sockets.ts";

const timeWaits = 28_000;
const pairs = 15;
const watchMs = 30_000;
const ss = ["ss", "-Htan", "state", "time-wait"];
const netstat = ["netstat", "-an"];

interface Cost {
  cpuMs: number;
  wallMs: number;
}

/** A look at the socket table against the tools that people use, and what looking costs over time. */
export const lookBenchmark: Benchmark = {
  name: "look",
  about: `a look at ${timeWaits} TIME_WAITs; each tool beside a look of ours`,
  async run() {
    const full = await openTimeWaits("target", timeWaits);
    try {
      return [...(await compareLooks(full, { least: timeWaits, pairs, tools: [ss] })), ...(await watch(full))];
    } finally {
      await full.end();
    }
  },
};

/** `least` ports to the busiest destination are there: what a look has to see. Beside tools that print the whole table, and `tools`. */
export async function compareLooks(
  full: ManySockets,
  asked: { least: number; pairs: number; tools?: string[][] },
): Promise<Figure[]> {
  const hasNetstat = installed("netstat");
  const tools = [...(asked.tools ?? []), ["ss", "-Htan"], ...(hasNetstat ? [netstat] : [])];
  if (!hasNetstat) console.log("netstat is not installed: left out");
  const reader = createTableReader(portRange);
  // The first looks run before the code is compiled.
  for (let look = 0; look < 5; look += 1) ownLook(reader, full, asked.least);
  const figures: Figure[] = [];
  for (const argv of tools) figures.push(...(await comparePairs(reader, full, argv, asked)));
  return figures;
}

async function comparePairs(
  reader: Reader,
  full: ManySockets,
  argv: string[],
  { least, pairs }: { least: number; pairs: number },
): Promise<Figure[]> {
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const steps = [
      () => void ours.push(ownLook(reader, full, least)),
      async () => void theirs.push(await toolLook(full, argv)),
    ];
    for (const step of pair % 2 === 0 ? steps : steps.reverse()) await step();
  }
  const name = argv.join(" ");
  const cpu = (costs: Cost[]) => costs.map(({ cpuMs }) => cpuMs);
  const wall = (costs: Cost[]) => costs.map(({ wallMs }) => wallMs);
  const goal = argv === ss ? { atMost: 1 } : null;
  return [
    { what: "our look, CPU", unit: "ms", values: cpu(ours), goal: null },
    { what: "our look, wall", unit: "ms", values: wall(ours), goal: null },
    { what: `${name}, CPU`, unit: "ms", values: cpu(theirs), goal: null },
    ratioFigure("  ours / theirs, CPU", cpu(ours), cpu(theirs), goal),
    ratioFigure("  ours / theirs, wall", wall(ours), wall(theirs), null),
  ];
}

type Reader = ReturnType<typeof createTableReader>;

/** A look is synchronous, so what this process used meanwhile is the look's. */
function ownLook(reader: Reader, full: ManySockets, least: number): Cost {
  const [before, began] = [process.cpuUsage(), performance.now()];
  const tally = reader.read(full.role.namespacePid);
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  const seen = tally?.destinations[0]?.inUse ?? 0;
  if (seen < least) throw new Error(`a look saw ${seen} ports of ${least}`);
  return { cpuMs: (user + system) / 1000, wallMs };
}

/** bash's `time` tells what its child used (getrusage) to the ms: of the tool alone, entering the namespace left out. */
async function toolLook(full: ManySockets, argv: string[]): Promise<Cost> {
  const timed = ["bash", "-c", 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null', "time", ...argv];
  const [program = "", ...args] = full.inside(timed);
  const { stderr } = await execa(program, args, { env: { LC_ALL: "C" } });
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trim().split(" ").map(Number);
  return { cpuMs: (user + system) * 1000, wallMs: wall * 1000 };
}

/** Two more roles with small tables: their walks pass through the target's rows, which share the machine's hash. */
async function watch(full: ManySockets): Promise<Figure[]> {
  const others = await Promise.all(["generator", "db"].map((role) => openTimeWaits(role, 10)));
  try {
    const observer = startObserver({
      roles: [full, ...others].map(({ role }) => role),
      now: () => performance.now(),
      onSample: () => {},
    });
    await pause(watchMs);
    const costs = await observer.stop();
    const share = (name: string) => costs.find(({ sampler }) => sampler === name)?.shareOfCore ?? Number.NaN;
    const all = costs.reduce((sum, { shareOfCore }) => sum + shareOfCore, 0);
    return [
      { what: "ports samplers of 3 roles, of a core", unit: "%", values: [share("ports") * 100], goal: { atMost: 1 } },
      { what: "all samplers, of a core", unit: "%", values: [all * 100], goal: null },
    ];
  } finally {
    await Promise.all(others.map((other) => other.end()));
  }
}

function installed(program: string): boolean {
  return `${process.env.PATH ?? ""}:/usr/sbin:/sbin`.split(":").some((folder) => existsSync(`${folder}/${program}`));
}
