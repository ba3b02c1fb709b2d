import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { exitCodes } from "../../harness/core/errors.ts";
import { buildK6 } from "../../harness/engines/k6/build-k6.ts";
import { treeFile } from "../helpers/cli.ts";
import type { Benchmark, Figure } from "./figures.ts";

/** What a run says first, in lines of any length; npm may have said something before. */
const forecast = /^port-exhaustion: .*;\s+done\s+by\s/ms;
const buildEnded = /^built k6 /m;

/** From nothing to the report of the README's first command, of the commit that is checked out. */
export const firstReport: Benchmark = {
  name: "first-report",
  about: "git clone, npm ci, tunebench run scenarios/port-exhaustion; what is not installed is built",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "tunebench-bench-"));
    // Parts are an ordinary user.
    await chmod(folder, 0o755);
    try {
      return await measure(folder);
    } finally {
      // Go's modules are read-only.
      await execa("chmod", ["-R", "u+w", folder]);
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(folder: string): Promise<Figure[]> {
  const clone = join(folder, "tunebench");
  const [cloned] = await timed(() => execa("git", ["clone", "--quiet", treeFile("."), clone]));
  const [installed] = await timed(() => execa("npm", ["ci"], { cwd: clone }));
  const run = await firstRun(clone, fresh(folder, "warm"));
  const [cold] = await timed(() =>
    buildK6({ env: { ...fresh(folder, "cold"), GOMODCACHE: join(folder, "modules") }, onProgress: () => {} }),
  );
  const before = cloned + installed;
  const story = run.seconds - run.builtSeconds;
  return [
    seconds("git clone", cloned),
    seconds("npm ci", installed),
    seconds("run: until it says what it will do", run.saidSeconds, 2),
    seconds("run: k6's build, Go's modules there", run.builtSeconds),
    seconds("run: k6's build, nothing there", cold),
    seconds("run: five trials and the report", story),
    seconds("first report, a k6 v2 on PATH", before + story, 180),
    seconds("first report, Go's modules there", before + run.seconds, 180),
    seconds("first report, nothing there", before + story + cold, 270),
  ];
}

/** A user's environment with nothing built in it, and no k6. */
function fresh(folder: string, name: string): NodeJS.ProcessEnv {
  const { TUNEBENCH_K6: _, ...env } = process.env;
  return {
    ...env,
    XDG_CACHE_HOME: join(folder, name, "cache"),
    GOCACHE: join(folder, name, "go-build"),
    NO_COLOR: "1",
  };
}

async function firstRun(clone: string, env: NodeJS.ProcessEnv) {
  const began = performance.now();
  const at = () => (performance.now() - began) / 1000;
  const running = execa("npx", ["tunebench", "run", "scenarios/port-exhaustion"], {
    cwd: clone,
    env,
    extendEnv: false,
    reject: false,
  });
  let text = "";
  let saidSeconds = Number.NaN;
  let builtSeconds = 0;
  running.stderr.on("data", (chunk: Buffer) => {
    text += chunk;
    if (Number.isNaN(saidSeconds) && forecast.test(text)) saidSeconds = at();
    if (builtSeconds === 0 && buildEnded.test(text)) builtSeconds = at() - saidSeconds;
  });
  const { exitCode } = await running;
  // A trial that others disturbed has no outcome: the report is there all the same.
  const isReported = exitCode === exitCodes.done || exitCode === exitCodes.incomplete;
  if (!isReported) throw new Error(`tunebench run ended with ${exitCode}: ${text}`);
  return { seconds: at(), saidSeconds, builtSeconds };
}

async function timed<T>(act: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await act();
  return [(performance.now() - began) / 1000, result];
}

function seconds(what: string, value: number, atMost?: number): Figure {
  return { what, unit: "s", values: [value], goal: atMost === undefined ? null : { atMost } };
}
