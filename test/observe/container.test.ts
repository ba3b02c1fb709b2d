/** `tunebench observe --container`: a container of podman, looked at, made into a suite, and tried. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parseSuite } from "../../harness/suite/parse.ts";
import { temporaryFolder, tunebench } from "../helpers/cli.ts";
import { openPodman } from "../helpers/container-engines.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(
  ["podman", "go", "k6", "ss"],
  "a container: its limits, what it was asked to have, and a suite of its image",
  async (t) => {
    t.timeout(3 * 60_000, "an image, a look and a trial");
    const { env } = await openPodman(t);
    const podman = async (...args: string[]) => (await execa("podman", args, { env })).stdout;
    const asked = ["--sysctl", "net.core.somaxconn=222", "--env", "GREETING=hello", "--env", "PORT=8080"];
    await podman(
      "run",
      "--detach",
      "--name",
      "shop",
      "--network",
      "none",
      "--ulimit=nofile=1024:1024",
      "--ulimit=nproc=1024:1024",
      ...asked,
      "tunebench-test:1",
      "sleep",
    );
    t.teardown(() => podman("rm", "--force", "--time", "0", "shop"));
    const dir = join(await temporaryFolder(t), "experiment");
    const look = ["observe", "--container", "shop", "--for", "1s", "--format", "json", "--suite", dir];
    const { stdout, stderr, exitCode } = await tunebench(look, { env });
    t.is(exitCode, 0, stderr);
    const { subjects, limits, settings } = JSON.parse(stdout);
    t.deepEqual(subjects, ["container shop"]);
    const queue = limits.find(({ limit }: { limit: string }) => limit === "accept-queue");
    t.like(queue, { subject: "port 8080", of: 222, detail: { binding: "somaxconn" } });
    const somaxconn = settings.find(({ key }: { key: string }) => key === "net.core.somaxconn");
    t.like(somaxconn, { value: "222", origin: { kind: "spec", of: "container" } });
    const { target } = parseSuite(readFileSync(join(dir, "suite.yaml"), "utf8"), join(dir, "suite.yaml"));
    t.like(target.container, { image: "localhost/tunebench-test:1", entrypoint: ["/service"], user: "1234" });
    t.deepEqual([target.command, target.sysctls], [["sleep"], { "net.core.somaxconn": "222" }]);
    const tried = await tunebench(["try", dir], { env });
    t.is(tried.exitCode, 0, tried.stdout + tried.stderr);
  },
);
