import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { codeFile, programFile } from "../core/package-root.ts";

/** Programs that run inside pods, by the name of their file there. */
export const podPrograms = ["relay.mjs", "sampler.mjs", "stop-generator.mjs"] as const;

/** Programs that look at a live service, which no run has: each given to Node as one argument. */
export const lookPrograms = ["look.mjs"] as const;
export type PodProgram = (typeof podPrograms)[number] | (typeof lookPrograms)[number];

/**
 * Each program with all it imports in one file, for a stock Node 22.18 or newer: as the build made it, or bundled where the tree runs
 * unbuilt. A ConfigMap holds 1 MiB; together they are below 200 KB.
 */
export async function podProgramTexts(): Promise<Record<(typeof podPrograms)[number], string>> {
  const texts = await Promise.all(podPrograms.map(async (name) => [name, await podProgramText(name)] as const));
  return Object.fromEntries(texts) as Record<(typeof podPrograms)[number], string>;
}

/** One of them. */
export async function podProgramText(name: PodProgram): Promise<string> {
  const built = codeFile("pods", name);
  return existsSync(built) ? readFile(built, "utf8") : bundlePodProgram(name);
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
