import { basename, dirname, relative } from "node:path";
import type { BuildFailure, BuildOptions, Message, Plugin } from "esbuild";
import { InputError } from "../../core/errors.ts";
import { packageFile } from "../../core/package-root.ts";
import { readRegular } from "../../core/read-regular.ts";
import { writeWhole } from "../../results/write.ts";

/** The lib that scripts import as "tunebench/k6". */
const libFile = packageFile("scenarios/lib/k6.ts");

/** What scripts get for "k6/http": the same, and what they are answered is told to the harness. */
const httpFile = packageFile("scenarios/lib/http.ts");

/** Name under which the wrapper appears in esbuild's messages. */
const wrapperName = "tunebench-entry";

/**
 * Bundles a k6 script (TypeScript or JavaScript) with all it imports, npm packages too, into one ES module that a stock
 * k6 runs; `k6`, `k6/*` and URLs stay imports. The harness's load takes precedence over the script's own `options`.
 * k6 reports errors at the script's own lines by the source map inside. outFile must end in .js: k6 then leaves it as
 * it is. Throws InputError with file:line:column where the script can't be parsed or an import not found, and
 * IncompleteError where outFile can't be written.
 */
export async function bundleScript(request: { scriptFile: string; outFile: string }): Promise<void> {
  // Loaded here and not above: most of what fails before a run fails without a script.
  const { build } = await import("esbuild");
  try {
    const { outputFiles } = await build(buildOptions(request.scriptFile, request.outFile));
    for (const { path, text } of outputFiles) writeWhole(path, text);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new InputError(error.errors.map((message) => describe(message, request.scriptFile)).join("\n"), {
      hint: hintFor(error.errors),
      cause: error,
    });
  }
}

function buildOptions(scriptFile: string, outfile: string): BuildOptions & { write: false } {
  return {
    stdin: { contents: wrapper(scriptFile), resolveDir: dirname(scriptFile), sourcefile: wrapperName },
    outfile,
    // esbuild's own words for a full disk would pass for a fault of the script.
    write: false,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    // k6's engine has no async generators; esbuild rewrites them.
    supported: { "async-generator": false, "for-await": false },
    external: ["k6", "k6/*", "https://*", "http://*"],
    alias: { "tunebench/k6": libFile },
    plugins: [regularFilesOnly, responsesTold],
    sourcemap: "inline",
    absWorkingDir: dirname(scriptFile),
    logLevel: "silent",
  };
}

/** esbuild would wait for a writer of a pipe, and read a device or some files of /proc without an end. */
const regularFilesOnly: Plugin = {
  name: "regular-files-only",
  setup({ onLoad }) {
    onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => {
      try {
        readRegular(path, { mostBytes: mostModuleBytes });
        return null;
      } catch (error) {
        return { errors: [{ text: `${path} can't be read: ${(error as Error).message}` }] };
      }
    });
  },
};

const responsesTold: Plugin = {
  name: "responses-told",
  setup({ onResolve }) {
    onResolve({ filter: /^k6\/http$/ }, ({ importer, path }) =>
      importer === httpFile ? { path, external: true } : { path: httpFile },
    );
  },
};

/** Far beyond any module that k6 could run. */
const mostModuleBytes = 64 * 2 ** 20;

/**
 * The module k6 starts: the script's, with the load that the harness wants laid over its options. One runner of several has a file
 * that says which share of the load is its own (an execution segment), and when all begin: setup(), which k6 awaits before its
 * schedule, ends at that instant (the first iteration was seen within 1 ms of it).
 */
function wrapper(scriptFile: string): string {
  const script = JSON.stringify(`./${basename(scriptFile)}`);
  return `
import { sleep } from "k6";
import { Gauge } from "k6/metrics";
import * as script from ${script};
export * from ${script};
export { default } from ${script};
const shared = __ENV.TUNEBENCH_START_FILE ? JSON.parse(open(__ENV.TUNEBENCH_START_FILE)) : null;
const share = (runner) => runner === 0 ? "0" : runner === shared.count ? "1" : runner + "/" + shared.count;
const segment = shared && {
  executionSegment: share(shared.runner) + ":" + share(shared.runner + 1),
  executionSegmentSequence: Array.from({ length: shared.count + 1 }, (_, runner) => share(runner)).join(","),
  // The wait comes on top of the script's own time; the pod's deadline bounds both.
  setupTimeout: "1h",
};
const started = shared && new Gauge("tunebench_started");
// By hand these are the script's own load: here they would be refused beside scenarios, or take a share of the load, hold it up or slow it down.
const { vus, iterations, duration, stages, executionSegment, executionSegmentSequence, paused, rps, minIterationDuration, ...own } =
  script.options ?? {};
export const options = { ...own, ...JSON.parse(__ENV.TUNEBENCH_OPTIONS), ...segment };
export function setup() {
  const data = script.setup?.();
  if (shared === null) return data;
  sleep(Math.max(0, shared.startUnixMs - Date.now()) / 1000);
  started.add(Date.now());
  return data;
}
`;
}

function describe(message: Message, scriptFile: string): string {
  const { location, text } = message;
  if (location === null || location.file === wrapperName) return `${scriptFile}: ${wrapperFault(text)}`;
  // esbuild counts columns from 0, editors from 1.
  return `${relative(process.cwd(), `${dirname(scriptFile)}/${location.file}`)}:${location.line}:${location.column + 1}: ${text}`;
}

function wrapperFault(text: string): string {
  if (text.includes('import "default"')) return "no default export: k6 calls it once for each iteration";
  if (text.startsWith("Could not resolve")) return "no such script";
  return text;
}

function hintFor(messages: Message[]): string | undefined {
  if (!messages.some((message) => message.text.startsWith("Could not resolve"))) return undefined;
  return "npm packages are found from the script's folder upwards; Node's own modules do not exist in k6";
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
