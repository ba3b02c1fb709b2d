import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { IncompleteError } from "../../harness/core/errors.ts";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { sandboxImage } from "./configuration.ts";
import { type LocustProgram, locustLayer, locustPlace } from "./locust-layer.ts";
import { enterNode, nodeEnvironment } from "./node-namespaces.ts";
import { type ImageRecipe, writeImageLayout } from "./oci-image.ts";
import { librariesOf, placeProgram } from "./place-programs.ts";
import { places } from "./places.ts";

/** A k6 to make an image of. */
export interface K6Program {
  path: string;
  /** "k6 v2.2.0" */
  version: string;
}

/** What images are made of beside what every cluster has. */
export interface ImagePrograms {
  k6: K6Program;
  /** null where no image of it is wanted. */
  locust: LocustProgram | null;
}

/** Names of the images, which pods use with `imagePullPolicy: Never`; the same whatever is in them. */
export const imageNames = {
  busybox: "tunebench.local/busybox:own",
  node: "tunebench.local/node:own",
  k6: "tunebench.local/k6:own",
  locust: "tunebench.local/locust:own",
};

/** The version of what is in each image, by the image's name. */
export function imageVersions({ k6, locust }: ImagePrograms): Record<string, string> {
  return {
    [imageNames.busybox]: "this machine's",
    [imageNames.node]: process.version,
    [imageNames.k6]: k6.version,
    ...(locust === null ? {} : { [imageNames.locust]: locust.version }),
  };
}

/**
 * Makes the images from this machine's own programs, and gives them to containerd: no registry is reached. busybox, the
 * harness's own Node with its libraries in place of the stock Node image, k6, and Locust where it is wanted; each with busybox's shell.
 */
export async function importImages(node: number, { k6, locust }: ImagePrograms): Promise<void> {
  const folder = join(places.stateFolder, "images");
  const layers = join(folder, "layers");
  await busyboxLayer(join(layers, "busybox"));
  await nodeLayer(join(layers, "node"));
  await placeProgram(k6.path, join(layers, "k6", "usr/bin/k6"));
  if (locust !== null) await locustLayer(locust, join(layers, locustLayerName));
  const recipes = [...imageRecipes(), ...(locust === null ? [] : [locustRecipe])];
  await writeImageLayout(join(folder, "layout"), layers, recipes, [locustLayerName]);
  const [command = "nsenter", ...enter] = enterNode(node);
  const load = [...enter, toolPath("ctr"), "--address", places.containerdSocket, "--namespace", "k8s.io"];
  const result = await execa({ reject: false })(
    toolPath("tar"),
    ["--create", "--directory", join(folder, "layout"), "."],
    {
      buffer: false,
    },
  ).pipe(command, [...load, "images", "import", "-"], { env: nodeEnvironment(), extendEnv: false, reject: false });
  if (result.failed) throw new IncompleteError(`the images could not be imported: ${result.stderr}`);
  await rm(folder, { recursive: true });
}

const locustLayerName = "locust";
const locustRecipe: ImageRecipe = {
  name: imageNames.locust,
  layers: ["busybox", locustLayerName],
  config: { Env: [`PATH=${locustPlace}/bin:/usr/local/bin:/usr/bin:/bin`], Entrypoint: ["locust"], User: "1000" },
};

/** What each image runs. A pod's PID 1 may be the sandbox's: it must reap, which busybox's shell does while it waits. */
function imageRecipes(): ImageRecipe[] {
  const Env = ["PATH=/usr/local/bin:/usr/bin:/bin"];
  const holdOpen = "trap 'exit 0' TERM INT; sleep 2147483647 & wait";
  return [
    { name: sandboxImage, layers: ["busybox"], config: { Env, Entrypoint: ["/bin/sh", "-c", holdOpen] } },
    { name: imageNames.busybox, layers: ["busybox"], config: { Env, Cmd: ["/bin/sh"] } },
    { name: imageNames.node, layers: ["busybox", "node"], config: { Env, Cmd: ["node"] } },
    { name: imageNames.k6, layers: ["busybox", "k6"], config: { Env, Entrypoint: ["k6"], User: "12345" } },
  ];
}

async function busyboxLayer(folder: string): Promise<void> {
  const busybox = toolPath("busybox");
  await placeProgram(busybox, join(folder, "bin/busybox"));
  const { stdout } = await execa(busybox, ["--list"]);
  const applets = stdout.split("\n").filter((applet) => applet !== "busybox");
  await Promise.all(applets.map((applet) => symlink("busybox", join(folder, "bin", applet))));
  for (const name of ["etc", "tmp", "home/node"]) await mkdir(join(folder, name), { recursive: true });
  await chmod(join(folder, "tmp"), 0o1777);
  const users = [
    "root:x:0:0::/root:/bin/sh",
    "node:x:1000:1000::/home/node:/bin/sh",
    "nobody:x:65534:65534::/:/bin/sh",
  ];
  await writeFile(join(folder, "etc/passwd"), `${users.join("\n")}\n`);
  await writeFile(join(folder, "etc/group"), "root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n");
}

async function nodeLayer(folder: string): Promise<void> {
  await placeProgram(process.execPath, join(folder, "usr/local/bin/node"));
  for (const library of await librariesOf(process.execPath)) await placeProgram(library, join(folder, library));
}
