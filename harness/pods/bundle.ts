import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { codeFile, programFile } from "../core/package-root.ts";

/** Programs that run inside pods, by the name of their file there. */
export const podPrograms = ["relay.mjs", "sampler.mjs", "await-start.mjs", "stop-k6.mjs"] as const;
export type PodProgram = (typeof podPrograms)[number];

/**
 * Each program with all it imports in one file, for a stock Node 22.18 or newer: as the build made it, or bundled where the tree runs
 * unbuilt. A ConfigMap holds 1 MiB; together they are below 200 KB.
 */
export async function podProgramTexts(): Promise<Record<PodProgram, string>> {
  const texts = await Promise.all(
    podPrograms.map((name) => {
      const built = codeFile("pods", name);
      return existsSync(built) ? readFile(built, "utf8") : bundlePodProgram(name);
    }),
  );
  return Object.fromEntries(podPrograms.map((name, place) => [name, texts[place] ?? ""])) as Record<PodProgram, string>;
}

/** Bundles a program from the tree. */
export async function bundlePodProgram(name: PodProgram): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [programFile("pods", name.replace(/\.mjs$/, ""))],
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text).join("");
}
