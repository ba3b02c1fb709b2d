/** A load by Locust, shared by two pods: what a locustfile and the files beside it do is counted as at home. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSeries } from "../../harness/results/read.ts";
import { withoutNodeObserver, worldFor } from "../helpers/api-world.ts";
import { copyFixture, objectsOfRuns, runOnCluster, storedIn } from "../helpers/cluster-runs.ts";
import { testNeeding } from "../helpers/parts.ts";
import { ensureShared } from "../helpers/test-cluster.ts";

const files = {
  "locustfile.py": `
from locust import FastHttpUser, between, task
from pages import suffix
names = open("names.txt").read().split()
class Visitor(FastHttpUser):
    wait_time = between(0.05, 0.15)
    @task
    def page(self):
        self.client.get("/", name=names[0] + suffix)
`,
  "pages.py": 'suffix = "-page"\n',
  "names.txt": "first second\n",
  "target.ts": `
import { createServer } from "node:http";
let asked = 0, told = -1;
const server = createServer((_request, response) => {
  asked += 1;
  response.end("pong");
});
server.listen(Number(process.env.PORT), () => console.log("ready to serve"));
setInterval(() => { if (told !== asked) console.log("asked " + (told = asked)); }, 50);
`,
};

testNeeding(
  ["cluster", "locust"],
  "a locustfile, in two pods: every request is counted once, and both end when they are told",
  async (t) => {
    t.timeout(5 * 60_000);
    const world = await worldFor(t, withoutNodeObserver);
    if (world.own.isOneNode) await ensureShared({ locust: true });
    const suite = await copyFixture(world, {
      fixture: "pods",
      edit(document) {
        document.set("load", { engine: "locust", script: "locustfile.py", rate: "60/s", virtualUsers: 20, runners: 2 });
        document.delete("upstreams");
        document.deleteIn(["target", "env"]);
        document.deleteIn(["profiles", "range"]);
      },
    });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(suite, name), text);
    const { exitCode, stderr, out } = await runOnCluster(world, suite);
    t.is(exitCode, 0, stderr);
    const { folder, run, trials } = storedIn(out);
    t.deepEqual(run.script?.files, ["names.txt", "pages.py"]);
    const [trial] = trials;
    if (trial === undefined) throw new Error("no trial");
    t.like(trial, { valid: true, fault: null, platform: { runners: 2 } });
    const { windows } = readSeries(folder, trial);
    const requests = windows.reduce((sum, window) => sum + window.requests, 0);
    const [log = ""] = globSync(join(out, "*", "trials", "*", "target.log"));
    const asked = Number(
      readFileSync(log, "utf8")
        .match(/asked \d+/g)
        ?.at(-1)
        ?.slice("asked ".length),
    );
    // At the end each user may have been in a request, which then counts nowhere.
    const users = Math.max(...windows.map(({ virtualUsers }) => virtualUsers));
    t.true(requests > 60 && requests <= asked && asked - requests <= users, `${requests} of ${asked}, ${users} users`);
    t.deepEqual(
      trial.script.endpoints.map(({ name }) => name),
      ["first-page"],
    );
    t.deepEqual(await objectsOfRuns(world), []);
  },
);
