/** Whole runs by Locust: what is said of a service, what is the generator's own; and that two that share a load end together. */
import { treeFile } from "../helpers/cli.ts";
import { leftBehind } from "../helpers/left-behind.ts";
import { byLocust, dialling, lendLocust, openShop, shareLocust, sumOf } from "../helpers/locust-trial.ts";
import { testNeeding } from "../helpers/parts.ts";
import { onlyRun, openWorld, runWhole } from "../helpers/whole-run.ts";

testNeeding(["namespaces", "locust"], "ports that Locust itself runs out of are the generator's", async (t) => {
  const world = await openWorld(t, {
    from: treeFile("scenarios/keep-alive"),
    files: { "locustfile.py": dialling.replace("HEADERS", '{"Connection": "close"}') },
    edit(suite) {
      byLocust(suite, { rate: "200/s" });
      suite.set("profiles", { baseline: {} });
      suite.set("generator", { sysctls: { "net.ipv4.ip_local_port_range": "32768 32967" } });
      suite.set("stop", { fault: { ratio: "1%", windows: 2 }, after: "25s" });
    },
  });
  await lendLocust(t, world);
  const { exitCode, stderr } = await runWhole(world);
  const [trial] = onlyRun(world).trials;
  t.true(exitCode === 0 || exitCode === 4, stderr);
  const own = trial?.faults.find(({ kind }) => kind === "EADDRNOTAVAIL");
  t.is(own?.side, "generator", JSON.stringify(trial?.faults));
  t.true(trial?.generator.bound);
});

testNeeding(
  ["namespaces", "locust"],
  "port-exhaustion by Locust: the wall, its finding and its cure are those of a load by k6",
  async (t) => {
    const world = await openWorld(t, {
      from: treeFile("scenarios/port-exhaustion"),
      files: { "locustfile.py": dialling.replace("HEADERS", "{}") },
      // Half of what reuse sustains with 400 ports: users who catch up at once must not meet the wall either.
      edit: (suite) => byLocust(suite, { rate: "200/s" }),
    });
    await lendLocust(t, world);
    const { exitCode, stderr } = await runWhole(world, ["--blocks", "1"]);
    t.is(exitCode, 0, stderr);
    t.log(stderr);
    const { trials, run } = onlyRun(world);
    const of = (profile: string) => trials.find((trial) => trial.profile === profile && trial.valid);
    t.like(run, { load: { engine: "locust" } });
    t.true(run.provenance.engine.startsWith("Locust 2."), run.provenance.engine);
    t.true(run.caveats.some(({ code }) => code === "closed-model"));
    t.like(of("baseline"), {
      outcome: "broke",
      fault: { kind: "EADDRNOTAVAIL", side: "target" },
      generator: { bound: false },
    });
    t.is(of("reuse")?.fault, null);
    t.not(of("reuse")?.outcome, "broke");
    const ports = of("baseline")?.evidence.ports.find(({ role }) => role === "target");
    t.like(ports, { usable: 400, peakInUse: 400 });
    t.deepEqual(await leftBehind(world), []);
  },
);

testNeeding(["locust"], "two that share a load, as pods do, end when they are told", async (t) => {
  const { asked, url } = await openShop(t);
  const { windows, exitCodes } = await shareLocust(t, {
    ...{ locustfile: dialling.replace("HEADERS", "{}"), targetUrl: url, perSecond: 100, afterMs: 60_000 },
    onWindow: (seen, stop) => {
      if (sumOf(seen, ({ requests }) => requests) > 150) stop();
    },
  });
  t.deepEqual(exitCodes, [0, 0]);
  const served = asked.get("/") ?? 0;
  const counted = sumOf(windows, ({ requests }) => requests);
  t.true(counted > 150 && counted <= served && served - counted <= 40, `${counted} of ${served}`);
});
