/** A run that ends before its last block, since what it was to tell is told. */
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, runWhole } from "../helpers/whole-run.ts";

/** Answers after DELAY_MS. */
const slowTarget = [
  'import { createServer } from "node:http";',
  "createServer((_request, response) => setTimeout(() => response.end(), Number(process.env.DELAY_MS)))",
  "  .listen(Number(process.env.PORT), process.env.LISTEN_HOST);",
].join("\n");

testNeeding(["namespaces", "k6"], "a clear difference ends the run at its first look; then the recheck", async (t) => {
  const world = await openWorld(t, {
    files: { "slow.ts": slowTarget },
    edit(suite) {
      suite.setIn(["target", "command"], ["node", "slow.ts"]);
      suite.setIn(["target", "env"], { DELAY_MS: "30" });
      suite.delete("upstreams");
      suite.set("load", { script: "load.ts", rate: "200/s", virtualUsers: 50 });
      suite.set("stop", { after: "1s" });
      suite.set("profiles", { baseline: {}, quick: { env: { DELAY_MS: "1" } } });
      suite.set("blocks", { min: 7, max: 9 });
      suite.set("compare", { measures: { "latencyMs.p50": {} } });
      suite.set("recheck", 1);
    },
  });
  const { exitCode, stderr } = await runWhole(world);
  t.is(exitCode, 0, stderr);
  const { run, trials } = onlyRun(world);
  t.deepEqual(run.looks, [7, 8, 9]);
  t.deepEqual(run.ended?.why, [{ code: "enough", blocks: 7, mostBlocks: 9, comparisons: 1, decided: 1 }]);
  t.is(trials.length, 16);
  t.deepEqual(
    trials
      .filter(({ purpose }) => purpose === "recheck")
      .map(({ profile }) => profile)
      .sort(),
    ["baseline", "quick"],
  );
  t.true(trials.slice(14).every(({ block }) => block === 10));
  t.regex(stderr, /trial 15 of up to 20 \w+ \(block 10, recheck\) started/);
});
