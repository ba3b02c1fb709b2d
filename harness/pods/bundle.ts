import { build } from "esbuild";
import { programFile } from "../core/package-root.ts";

/** Programs that run inside pods, by the name of their file there. */
export const podPrograms = ["relay.mjs", "sampler.mjs", "await-start.mjs", "stop-k6.mjs"] as const;
export type PodProgram = (typeof podPrograms)[number];

/**
 * Each program with all it imports in one file, for a stock Node 22.18 or newer. A ConfigMap holds 1 MiB; together they are below 200 KB.
 */
export async function bundlePodPrograms(): Promise<Record<PodProgram, string>> {
  const texts = await Promise.all(podPrograms.map(bundled));
  return Object.fromEntries(podPrograms.map((name, place) => [name, texts[place] ?? ""])) as Record<PodProgram, string>;
}

async function bundled(name: PodProgram): Promise<string> {
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
