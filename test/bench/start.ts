import { median } from "simple-statistics";
import { mainFile, treeFile } from "../helpers/cli.ts";
import { type Benchmark, type Figure, ratioFigure } from "./figures.ts";
import { type Usage, usageOf } from "./usage.ts";

const pairs = 15;
const commands = [["--version"], ["--help"], ["list"], ["schema"], ["plan", treeFile("scenarios/port-exhaustion")]];

/** What a start costs, which every command pays, beside Node's own. */
export const startBenchmark: Benchmark = {
  name: "start",
  about: "commands that run nothing, each beside `node -e 0`",
  async run() {
    const figures: Figure[] = [];
    for (const args of commands) figures.push(...(await compareStart(args)));
    return figures;
  },
};

async function compareStart(args: string[]): Promise<Figure[]> {
  const ours: Usage[] = [];
  const bare: Usage[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const steps = [
      async () => void ours.push(await usageOf([mainFile(), ...args])),
      async () => void bare.push(await usageOf(["-e", "0"])),
    ];
    for (const step of pair % 2 === 0 ? steps : steps.reverse()) await step();
  }
  const cpu = (usages: Usage[]) => usages.map(({ cpuSeconds }) => cpuSeconds);
  const peaks = ours.map(({ peakMb }) => peakMb);
  return [
    { what: args[0] ?? "", unit: "s CPU", values: cpu(ours), goal: { atMost: 0.15 } },
    ratioFigure(`  over node -e 0 (${median(cpu(bare)).toFixed(3)} s)`, cpu(ours), cpu(bare), null),
    { what: "  peak RSS", unit: "MB", values: peaks, goal: { atMost: 70 } },
  ];
}
