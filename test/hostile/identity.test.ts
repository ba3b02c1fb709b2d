/** Programs of a suite are an ordinary user without a capability, and see no result: what they try fails. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { makePlan } from "../../harness/plan/make-plan.ts";
import { parseSuite } from "../../harness/suite/parse.ts";
import { SuiteError } from "../../harness/suite/problems.ts";
import { treeFile } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld, type Program, pidOf } from "../helpers/quick-world.ts";
import { suiteText } from "../helpers/suite-files.ts";
import { echoPart, suiteOf, withTrialBed } from "../helpers/suites.ts";
import { onlyRun, startRun } from "../helpers/whole-run.ts";

const noCapability = ["Prm", "Eff", "Bnd", "Amb"].map((set) => `Cap${set}:\t0000000000000000`);

/** A descriptor of whoever starts tunebench that is not closed by exec, past those that Node looks at. */
const inheriting = ["bash", "-c", 'exec 40</etc/hostname; exec "$0" "$@"'];

const load = `
import { options, request } from "tunebench/k6";
export { options };
let shadow = "refused";
try { open("/etc/shadow"); shadow = "read"; } catch {}
export function setup() { console.log("shadow was " + shadow); }
export default function () { request("/"); }
`;

testNeeding(
  ["namespaces", "root", "k6"],
  "as root: parts and k6 are nobody, and reach nothing of root's",
  async (t) => {
    const world = await openQuickWorld(t, 1, (suite) => {
      suite.setIn(["target", "port"], 80);
      suite.setIn(["target", "env", "RUNS"], "../results");
      suite.setIn(["target", "env", "LD_PRELOAD"], "/nowhere.so");
      suite.setIn(["target", "writable"], ["/srv"]);
      suite.deleteIn(["profiles", "reuse"]);
    });
    // As the one in /root/.cache: nobody but root may enter the folder.
    const closed = join(world.folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    renameSync(world.env.TUNEBENCH_K6 ?? "", join(closed, "k6"));
    world.env.TUNEBENCH_K6 = join(closed, "k6");
    copyFileSync(treeFile("test/fixtures/hostile/attacker.ts"), join(world.suite, "target.ts"));
    writeFileSync(join(world.suite, "load.ts"), load);
    const run = startRun(world, [], { through: inheriting });
    for (const program of ["upstream.ts", "target.ts", "k6"] satisfies Program[]) {
      const status = readFileSync(`/proc/${await pidOf(world, program)}/status`, "utf8");
      t.deepEqual(status.match(/^Cap(Prm|Eff|Bnd|Amb):\t.*$/gm), noCapability, program);
      t.regex(status, /^Uid:\t65534\t65534\t65534\t65534$/m, program);
      t.regex(status, /^Groups:\t ?$/m, program);
    }
    const { exitCode, stderr } = await run;
    t.is(exitCode, 0, stderr);
    const { folder, trials } = onlyRun(world);
    const [name = ""] = readdirSync(join(folder, "trials"));
    const [complaint, told = "", ...more] = readFileSync(join(folder, "trials", name, "target.log"), "utf8")
      .trim()
      .split("\n");
    t.regex(
      complaint ?? "",
      /object '\/nowhere\.so' from LD_PRELOAD cannot be preloaded/,
      "by the program itself, and by it alone",
    );
    t.deepEqual(more, []);
    t.deepEqual(JSON.parse(told), {
      capabilities: noCapability,
      noNewPrivileges: true,
      descriptors: [],
      shadow: "EACCES",
      setting: "EROFS",
      remount: "failed",
      sysfs: "EROFS",
      run: [[]],
      data: "done",
      asked: "done",
    });
    t.regex(readFileSync(join(folder, "trials", name, "k6.log"), "utf8"), /shadow was refused/);
    const start = trials[0]?.sysctls.find(
      ({ role, key }) => role === "target" && key === "net.ipv4.ip_unprivileged_port_start",
    );
    t.like(start, { asked: "80", effective: "80", origin: "pinned" });
    t.is(statSync("/srv/own", { throwIfNoEntry: false }), undefined);
    t.deepEqual(readdirSync(world.tmp), []);
  },
);

testNeeding(["namespaces"], "a part that is no Node gets its signals as they were", async (t) => {
  const target = echoPart({ command: ["sh", "-c", "grep SigIgn /proc/self/status; echo told"] });
  const ready = { check: { kind: "log", text: "told" }, withinMs: 20_000 } as const;
  await withTrialBed({ suite: suiteOf({ target: { ...target, ready } }) }, async (bed) => {
    const part = await bed.start("target");
    t.deepEqual(part.lastLines(), ["SigIgn:\t0000000000000000", "told"]);
  });
});

test("ordinaryUser: what it asked for is the default now, and told; not to be one is another key's", (t) => {
  const text = suiteText("ports").replace(/^target:\n/m, "target:\n  ordinaryUser: true\n");
  const suite = parseSuite(text, "s.yaml");
  t.deepEqual(
    makePlan(suite, { seed: 1, memoryBytes: 2 ** 34 }).caveats.filter(
      ({ code }) => code === "ordinary-user-is-default",
    ),
    [{ code: "ordinary-user-is-default", roles: ["target"] }],
  );
  const refused = text.replace("ordinaryUser: true", "ordinaryUser: false");
  const line = refused.split("\n").indexOf("  ordinaryUser: false") + 1;
  const { problems } = t.throws(() => parseSuite(refused, "s.yaml"), { instanceOf: SuiteError }) as SuiteError;
  t.like(problems, [{ line }]);
  t.regex(problems[0]?.text ?? "", /privileged: true is the other way/);
});
