import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";

/** An image to be made: layers are names of folders, the lowest first. */
export interface ImageRecipe {
  /** "tunebench.local/node:24" */
  name: string;
  layers: string[];
  /** Of the image's configuration: Entrypoint, Cmd, Env, User (OCI image specification, config.md). */
  config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; User?: string };
}

interface Blob {
  digest: string;
  size: number;
}

const kinds = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
};

/**
 * Writes an OCI image layout (image-layout.md of its specification) into a folder. `layersFolder` holds a folder for each
 * layer, whose files get root as their owner, and one time for all but those of `timed` layers, so that what has not changed is the same layer. containerd reads an image's whole name from its own annotation.
 */
export async function writeImageLayout(
  folder: string,
  layersFolder: string,
  recipes: ImageRecipe[],
  timed: string[],
): Promise<void> {
  await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
  const layers = new Map<string, Blob>();
  for (const layer of await readdir(layersFolder)) {
    layers.set(layer, await layerBlob(folder, join(layersFolder, layer), timed.includes(layer)));
  }
  const manifests = await Promise.all(recipes.map((recipe) => manifestOf(folder, recipe, layers)));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const index = { schemaVersion: 2, mediaType: kinds.index, manifests };
  await writeFile(join(folder, "index.json"), JSON.stringify(index));
}

async function manifestOf(folder: string, { name, layers, config }: ImageRecipe, blobs: Map<string, Blob>) {
  const own = layers.map((layer) => {
    const blob = blobs.get(layer);
    if (blob === undefined) throw new Error(`${name}: no layer ${layer}`);
    return blob;
  });
  const platform = { architecture: process.arch === "x64" ? "amd64" : process.arch, os: "linux" };
  const rootfs = { type: "layers", diff_ids: own.map(({ digest }) => digest) };
  const configBlob = await jsonBlob(folder, { ...platform, config, rootfs });
  const manifest = await jsonBlob(folder, {
    schemaVersion: 2,
    mediaType: kinds.manifest,
    config: { mediaType: kinds.config, ...configBlob },
    layers: own.map((blob) => ({ mediaType: kinds.layer, ...blob })),
  });
  const annotations = { "io.containerd.image.name": name };
  return { mediaType: kinds.manifest, ...manifest, platform, annotations };
}

/** A layer is a tar of its folder, uncompressed: it never leaves this machine. */
async function layerBlob(folder: string, layerFolder: string, isTimed: boolean): Promise<Blob> {
  const unnamed = join(folder, "layer.tar");
  const owned = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", ...(isTimed ? [] : ["--mtime=@0"])];
  await execa(toolPath("tar"), [...owned, "--create", "--file", unnamed, "--directory", layerFolder, "."]);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(unnamed)) hash.update(chunk);
  const digest = hash.digest("hex");
  const { size } = await stat(unnamed);
  await rename(unnamed, join(folder, "blobs", "sha256", digest));
  return { digest: `sha256:${digest}`, size };
}

async function jsonBlob(folder: string, content: unknown): Promise<Blob> {
  const text = JSON.stringify(content);
  const digest = createHash("sha256").update(text).digest("hex");
  await writeFile(join(folder, "blobs", "sha256", digest), text);
  return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}
