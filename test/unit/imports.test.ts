import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "ava";

/**
 * Which room may import which. core/, knowledge/ and the record types in results/ are everyone's; ARCHITECTURE.md has the same table in words.
 */
const allowed: Record<string, string[]> = {
  suite: [],
  stats: [],
  detect: [],
  search: [],
  find: ["stats", "search", "diagnose"],
  plan: ["suite", "stats", "search"],
  testbeds: ["suite", "lines", "pods", "engines", "sampling", "observe"],
  core: [],
  knowledge: [],
  lines: [],
  pods: ["lines", "sampling"],
  cache: [],
  engines: ["suite", "cache"],
  clusters: ["cache", "testbeds"],
  sampling: [],
  observe: ["detect", "diagnose"],
  subjects: ["sampling", "observe"],
  results: [],
  experiment: ["suite", "plan", "testbeds", "engines", "detect", "search", "find"],
  diagnose: [],
  analysis: ["stats", "diagnose", "search", "find"],
  report: ["analysis", "deliver", "diagnose", "find", "observe", "plan", "stats", "suite"],
  deliver: ["analysis", "suite"],
  commands: [
    "suite",
    "plan",
    "testbeds",
    "engines",
    "cache",
    "clusters",
    "experiment",
    "analysis",
    "report",
    "deliver",
    "diagnose",
    "find",
    "observe",
    "subjects",
  ],
  main: ["commands"],
  index: ["analysis", "diagnose"],
  start: ["main"],
};
const everyones = ["core", "knowledge", "results"];

/** Rooms that must stay pure: no process, clock, network or file is reached from them. */
const pure = ["knowledge", "plan", "detect", "stats", "search", "find", "diagnose", "observe", "analysis", "deliver"];

const root = join(import.meta.dirname, "../..");
const files = globSync(["harness/**/*.ts", "clusters/**/*.ts"], { cwd: root });

test("a room imports only what the table allows", (t) => {
  const wrong = files.flatMap((file) => {
    const room = roomOf(file);
    return importsOf(file)
      .filter((path) => path.startsWith("."))
      .map((path) => normalize(join(dirname(file), path)))
      .filter((target) => !mayImport(room, target))
      .map((target) => `${file} imports ${target}`);
  });
  t.deepEqual(wrong, []);
});

test("every room of the tree is in the table", (t) => {
  t.deepEqual(
    [...new Set(files.map(roomOf))].filter((room) => !(room in allowed) && !everyones.includes(`${room}.ts`)),
    [],
  );
});

test("pure rooms reach no process, file, network or clock", (t) => {
  const wrong = files
    .filter((file) => pure.includes(roomOf(file)))
    .flatMap((file) => [
      ...importsOf(file)
        .filter((path) => path.startsWith("node:"))
        .map((path) => `${file} imports ${path}`),
      ...(/Date\.now|performance\.now|process\.|Math\.random/.test(textOf(file)) ? [`${file} reads the world`] : []),
    ]);
  t.deepEqual(wrong, []);
});

/** Programs of their own, run as children inside a namespace or in a pod, and main's two ends. */
const mayExit = [
  "harness/main.ts",
  "harness/start.ts",
  "harness/commands/interrupt.ts",
  "harness/testbeds/netns/http-probe.ts",
  "harness/testbeds/netns/listen-child.ts",
  "harness/testbeds/kubernetes/objects/node-programs.ts",
  "harness/pods/relay.ts",
];

test("only main.ts and the handler of the second signal end the process", (t) => {
  const wrong = files.filter((file) => /process\.exit\(|process\.exitCode/.test(textOf(file)));
  t.deepEqual(
    wrong.filter((file) => !mayExit.includes(file)),
    [],
  );
});

function mayImport(room: string, target: string): boolean {
  const targetRoom = roomOf(target);
  return (
    targetRoom === room ||
    everyones.some((own) => target.startsWith(`harness/${own}`)) ||
    (allowed[room] ?? []).includes(targetRoom)
  );
}

/** `harness/suite/parse.ts` -> suite; `harness/main.ts` -> main; `clusters/one-node/up.ts` -> clusters. */
function roomOf(file: string): string {
  return file.startsWith("clusters/") ? "clusters" : (file.split("/")[1]?.replace(/\.ts$/, "") ?? "");
}

function importsOf(file: string): string[] {
  const forms = /^(?:import|export)[^"']*?from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...textOf(file).matchAll(forms)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
