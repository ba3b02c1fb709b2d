/** A service of a compose file that dials another by its name without depends_on, as all of them share a network there. */
import { stringify } from "yaml";
import { treeFile } from "../helpers/cli.ts";
import { openDocker, openPodman } from "../helpers/container-engines.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openWorld, startTunebench } from "../helpers/whole-run.ts";

const service = (command: string, port: number, more: object) => ({
  image: "tunebench-test:1",
  command,
  expose: [port],
  environment: { PORT: String(port), ...more },
});
const services = {
  web: { ...service("proxy", 8080, { UP: "api:7070" }), depends_on: ["api", "the_db"] },
  api: service("dial", 7070, { UP: "the_db:3306" }),
  the_db: service("lazy", 3306, {}),
};

for (const [name, open] of Object.entries({ docker: openDocker, podman: openPodman })) {
  testNeeding(["namespaces", "k6", "go", name as "docker" | "podman"], `by ${name}`, async (t) => {
    t.timeout(5 * 60_000);
    const engine = await open(t);
    const world = await openWorld(t, {
      from: treeFile("test/fixtures/containers"),
      edit: (suite) => {
        suite.setIn(["stop"], { after: "3s" });
        suite.setIn(["profiles"], { baseline: {} });
        suite.deleteIn(["compose", "ports"]);
      },
      files: { "compose.yaml": stringify({ services }) },
    });
    Object.assign(world.env, engine.env);
    const { exitCode, stdout, stderr } = await startTunebench(world, ["try", "suite"]);
    t.is(exitCode, 0, stderr);
    t.regex(stdout, /containers works: \d+ requests, all of them answered/);
    t.deepEqual(await engine.left(), []);
  });
}
