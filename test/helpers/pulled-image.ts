import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { stringify } from "yaml";
import { treeFile } from "./cli.ts";
import type { TestEngine } from "./container-engines.ts";
import { openRegistry } from "./image-registry.ts";
import { truthServices } from "./truth-services.ts";
import { onlyRun, openWorld, startRun, startTunebench, type World } from "./whole-run.ts";

/** An image that only a registry has: nothing is asked of it unless the suite says `pull: true`, and once it is here not again. */
export async function provesPull(
  t: ExecutionContext,
  open: (t: ExecutionContext) => Promise<TestEngine>,
): Promise<void> {
  const engine = await open(t);
  const world = await openWorld(t, { from: treeFile("test/fixtures/containers") });
  const { host, asked } = await registryIn(t, world);
  Object.assign(world.env, engine.env, { CONTAINERS_REGISTRIES_CONF: withoutTls(world, host) });
  const image = `${host}/shop:1`;

  writeSuite(world, { image });
  const refused = await startRun(world);
  t.is(refused.exitCode, 2, refused.stderr);
  t.true(refused.stderr.includes(`the suite's images are not here: ${engine.name} has not ${image}`), refused.stderr);
  t.deepEqual(asked, []);

  writeSuite(world, { image: `${host}/shop:2`, pull: true });
  const unknown = await startTunebench(world, ["try", "suite"]);
  t.is(unknown.exitCode, 3, unknown.stderr);
  t.regex(unknown.stderr, /shop:2 can't be pulled: .*manifest unknown/);

  writeSuite(world, { image, pull: true });
  const pulled = await startRun(world);
  t.is(pulled.exitCode, 0, pulled.stderr);
  t.true(pulled.stderr.includes(`${engine.name} pulls ${image}`), pulled.stderr);
  t.regex(onlyRun(world).run.provenance.environment.containers?.images[image] ?? "", /^sha256:[0-9a-f]{64}$/);
  t.true(asked.some((path) => path.includes("/blobs/sha256:")));

  const before = asked.length;
  const again = await startTunebench(world, ["try", "suite"]);
  t.is(again.exitCode, 0, again.stderr);
  t.is(asked.length, before, "it is here");
}

/** A registry with the services of test/truth as an image. */
async function registryIn(t: ExecutionContext, world: World) {
  const layers = join(world.folder, "layers");
  mkdirSync(join(layers, "service"), { recursive: true });
  const program = await truthServices({ env: process.env, onProgress: () => {} });
  copyFileSync(program, join(layers, "service", "service"));
  const config = { Entrypoint: ["/service"], Cmd: ["sleep"], Env: ["PORT=8080"], User: "1234" };
  const recipe = { name: "shop:1", layers: ["service"], config };
  return openRegistry(t, { folder: join(world.folder, "registry"), layers, recipe });
}

/** docker takes a registry on loopback for one without TLS, podman is told. */
function withoutTls(world: World, host: string): string {
  const file = join(world.folder, "registries.conf");
  writeFileSync(file, `[[registry]]\nlocation = "${host}"\ninsecure = true\n`);
  return file;
}

function writeSuite(world: World, target: { image: string; pull?: boolean }): void {
  const suite = {
    name: "pulled",
    target: { ...target, port: 8080, ready: { http: "/healthz" } },
    load: { script: "load.ts", rate: "50/s" },
    stop: { after: "1s" },
    profiles: { baseline: {} },
  };
  writeFileSync(join(world.suite, "suite.yaml"), stringify(suite));
}
