import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPrograms } from "../../harness/cache/go-programs.ts";
import type { BuildRequest } from "../../harness/cache/made-once.ts";
import { treeFile } from "./cli.ts";

/** Path of the Go program with the services of test/truth, built once for what its source says. Throws CapabilityError as buildPrograms does. */
export async function truthServices(request: BuildRequest): Promise<string> {
  const moduleFolder = treeFile("test/truth/services");
  const folder = await buildPrograms(request, {
    name: "truth-services",
    version: digestOf(moduleFolder),
    moduleFolder,
    packages: ["./service"],
    programs: ["service"],
    linkerFlags: [],
    cpuSeconds: 10,
    lacking: "the services of test:truth are in Go",
    ways: "install Go 1.25 or newer (https://go.dev/dl/)",
  });
  return join(folder, "service");
}

function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of globSync("**/*", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile()))
    hash.update(readFileSync(join(file.parentPath, file.name)));
  return hash.digest("hex").slice(0, 12);
}
