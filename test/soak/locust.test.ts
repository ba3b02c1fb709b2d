/** What is the generator's own is told as its own, when Locust is the generator. */
import { treeFile } from "../helpers/cli.ts";
import { byLocust, dialling, lendLocust } from "../helpers/locust-trial.ts";
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
