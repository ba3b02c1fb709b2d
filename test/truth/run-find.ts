import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ExecutionContext } from "ava";
import { z } from "zod";
import { treeFile } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openWorld, startTunebench } from "../helpers/whole-run.ts";
import type { FindCase } from "./find-case.ts";
import { bringServices, keep, layParts } from "./run-case.ts";

const texts = z.record(z.string(), z.string());

/** analysis.json of a find, as far as it is judged. */
const toldFind = z.object({
  verdict: z.string(),
  found: z.object({
    settings: texts,
    upstreams: z.record(z.string(), texts),
    levers: texts,
    ended: z.looseObject({ code: z.string() }).nullable(),
    bindsNow: z.looseObject({ rule: z.string(), side: z.string() }).nullable(),
    elsewhere: z.array(z.object({ rule: z.string(), remedy: z.looseObject({ kind: z.string() }) })),
  }),
});

/** Runs a case as a user would, and judges what was found. */
export function findTest(one: FindCase): void {
  testNeeding(["namespaces", "k6", "go", "python", ...(one.needs ?? [])], `${one.name}: ${one.injected}`, async (t) => {
    const { found, verdict } = await runFind(t, one);
    t.log(verdict);
    const { settings, upstreams = {}, levers = {}, ended, binds, elsewhere } = one.expected;
    t.deepEqual(
      { ...found, ended: null, bindsNow: null, elsewhere: [] },
      { settings, upstreams, levers, ended: null, bindsNow: null, elsewhere: [] },
      verdict,
    );
    t.true(ended.includes(found.ended?.code ?? "none"), JSON.stringify(found.ended));
    if (binds === null) t.is(found.bindsNow, null);
    else if (binds !== undefined) t.like(found.bindsNow, binds);
    if (elsewhere !== undefined)
      t.true(
        found.elsewhere.some(({ remedy }) => has(remedy, elsewhere)),
        JSON.stringify(found.elsewhere),
      );
  });
}

async function runFind(t: ExecutionContext, one: FindCase): Promise<z.infer<typeof toldFind>> {
  const world = await openWorld(t, {
    from: treeFile("test/truth/suite"),
    edit: (suite) => {
      layParts(suite, one);
      for (const key of ["profiles", "baseline", "blocks", "retries"]) suite.delete(key);
    },
  });
  await bringServices(t, world);
  const keys = one.keys === undefined ? [] : ["--keys", one.keys.join(",")];
  const { exitCode, stderr } = await startTunebench(world, [
    "find",
    basename(world.suite),
    "--budget",
    one.budget ?? "15m",
    ...keys,
  ]);
  t.log(stderr);
  t.is(exitCode, 0, stderr);
  const [run = ""] = readdirSync(world.out);
  keep(join(world.out, run), one.name);
  return toldFind.parse(JSON.parse(readFileSync(join(world.out, run, "analysis.json"), "utf8")));
}

function has(one: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(([key, value]) => one[key] === value);
}
