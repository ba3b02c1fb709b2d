import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { execa } from "execa";
import { lastWords } from "../../../clusters/one-node/daemons.ts";
import { type ImageRecipe, writeImageLayout } from "../../../clusters/one-node/oci-image.ts";
import { places } from "../../../clusters/one-node/places.ts";
import { linksOf } from "../../../harness/testbeds/netns/links.ts";
import { temporaryFolder } from "../../helpers/cli.ts";
import { echoPart, suiteOf } from "../../helpers/suites.ts";

test("a daemon's last words are its errors, whoever's log it is", (t) => {
  const refusal = 'E1121 13:14:22.2 1 kubelet.go:1703] "Failed to start ContainerManager" err="[invalid kernel flag]"';
  const kubelet = [
    'I1121 13:14:22.1 1 server.go:529] "Kubelet version"',
    refusal,
    'I1121 13:14:22.3 1 server.go:1] "bye"',
  ];
  t.is(lastWords(`${kubelet.join("\n")}\n`), refusal);
  t.is(lastWords('time="1" level=info msg=x\ntime="2" level=fatal msg=y\n'), 'time="2" level=fatal msg=y');
  t.is(lastWords("one\ntwo\nthree\nfour\n"), "two\nthree\nfour");
});

test("an image's layers, configuration and manifest are found by their digests", async (t) => {
  const folder = await temporaryFolder(t);
  const layers = join(folder, "layers");
  for (const name of ["base", "top"]) {
    mkdirSync(join(layers, name, "bin"), { recursive: true });
    writeFileSync(join(layers, name, "bin", name), name);
    chmodSync(join(layers, name, "bin", name), 0o755);
  }
  const recipe: ImageRecipe = { name: "x.local/a:1", layers: ["base", "top"], config: { Cmd: ["top"], User: "7" } };
  await writeImageLayout(join(folder, "layout"), layers, [recipe], []);
  const blobs = join(folder, "layout/blobs/sha256");
  for (const digest of readdirSync(blobs)) {
    t.is(
      createHash("sha256")
        .update(readFileSync(join(blobs, digest)))
        .digest("hex"),
      digest,
    );
  }
  const blob = (digest: string) => readFileSync(join(blobs, digest.replace("sha256:", "")));
  const [entry] = JSON.parse(readFileSync(join(folder, "layout/index.json"), "utf8")).manifests;
  t.is(entry.annotations["io.containerd.image.name"], "x.local/a:1");
  const manifest = JSON.parse(blob(entry.digest).toString());
  const config = JSON.parse(blob(manifest.config.digest).toString());
  t.like(config, { os: "linux", config: { Cmd: ["top"], User: "7" } });
  const digests = manifest.layers.map(({ digest }: { digest: string }) => digest);
  t.deepEqual(config.rootfs.diff_ids, digests);
  const { stdout } = await execa("tar", ["--list", "--verbose", "--numeric-owner"], { input: blob(digests[1]) });
  t.regex(stdout, /^-rwxr-xr-x 0\/0 +3 .* \.\/bin\/top$/m);
});

test("the cluster's addresses are none that the rig of namespaces takes", (t) => {
  const upstreams = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`up${index}`, echoPart()]));
  const rig = linksOf(suiteOf({ upstreams, target: echoPart({ replicas: 20 }) }));
  const taken = rig.map(({ targetAddress }) => targetAddress.split(".").slice(0, 3).join("."));
  const own = [places.machineAddress, places.apiServiceAddress, places.podRange.replace("/24", "")];
  for (const address of own) t.false(taken.includes(address.split(".").slice(0, 3).join(".")), address);
});
