import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { type ImageRecipe, writeImageLayout } from "../../clusters/one-node/oci-image.ts";

/** A registry of images on loopback. */
export interface ImageRegistry {
  /** "127.0.0.1:41234": in front of the names of its images. */
  host: string;
  /** Paths that were asked for, in order. */
  asked: string[];
}

/** What of an image layout's index is read. */
interface Index {
  manifests: { mediaType: string; digest: string }[];
}

/**
 * Serves one image under any name with the tag 1, as a registry does that nobody may push to (OCI distribution specification, pull). It ends
 * with the test.
 * @param layers folder with a folder for each layer
 */
export async function openRegistry(
  t: ExecutionContext,
  { folder, layers, recipe }: { folder: string; layers: string; recipe: ImageRecipe },
): Promise<ImageRegistry> {
  await writeImageLayout(folder, layers, [recipe], []);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(folder, request, response);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.teardown(() => server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function answer(folder: string, { method, url = "" }: IncomingMessage, response: ServerResponse): void {
  const [, kind = "", reference = ""] = /^\/v2\/.+\/(manifests|blobs)\/([^/]+)$/.exec(url) ?? [];
  if (url === "/v2/") return void response.end("{}");
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Index;
  const [image] = index.manifests;
  const digest = kind === "manifests" && reference === "1" ? (image?.digest ?? "") : reference;
  const file = join(folder, "blobs", ...digest.split(":"));
  const size = /^sha256:[0-9a-f]{64}$/.test(digest) ? statSync(file, { throwIfNoEntry: false })?.size : undefined;
  if (size === undefined) {
    response.statusCode = 404;
    return void response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }));
  }
  const type = digest === image?.digest ? image.mediaType : "application/octet-stream";
  response.setHeader("Content-Type", type);
  response.setHeader("Docker-Content-Digest", digest);
  response.setHeader("Content-Length", size);
  if (method === "HEAD") return void response.end();
  createReadStream(file).pipe(response);
}
