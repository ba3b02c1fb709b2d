import { basename, dirname, join, relative } from "node:path";
import type { BuildFailure, BuildOptions, Message, Plugin } from "esbuild";
import { InputError } from "../../core/errors.ts";
import { packageFile } from "../../core/package-root.ts";
import { notFetched, remoteImports } from "./remote-imports.ts";
import { scriptFiles } from "./script-files.ts";
import { duetModule, wrapper, wrapperName } from "./wrapper.ts";

/** The lib that scripts import as "tunebench/k6". */
const libFile = packageFile("scenarios/lib/k6.ts");
const duetFile = packageFile("scenarios/lib/duet.ts");

/** What scripts get for modules of k6's: the same, and what they are answered, and check, is told to the harness. */
const inPlaceOf: Record<string, string> = {
  "k6/http": packageFile("scenarios/lib/http.ts"),
  "k6/net/grpc": packageFile("scenarios/lib/grpc.ts"),
  k6: packageFile("scenarios/lib/checks.ts"),
};

/**
 * Bundles a k6 script (TypeScript or JavaScript, a module or CommonJS) with all it imports, npm packages and https imports too, into one ES
 * module that a stock k6 runs; `k6` and `k6/*` stay imports. The harness's load takes precedence over the script's own `options`.
 * k6 reports errors at the script's own lines by the source map inside. Throws InputError with file:line:column where the script
 * can't be parsed or an import not found.
 */
export async function bundleScript(scriptFile: string): Promise<string> {
  return (await bundleAll(scriptFile)).text;
}

/** A bundled script, and the sha256 of each module in it that was imported by https, by its URL. */
export interface Bundle {
  text: string;
  imports: Record<string, string>;
}

/** The same as bundleScript, with what it is made of beside files. */
export async function bundleAll(scriptFile: string): Promise<Bundle> {
  // Loaded here and not above: most of what fails before a run fails without a script.
  const { build } = await import("esbuild");
  const imports: Bundle["imports"] = {};
  try {
    const remote = remoteImports(process.env, (url, sha256) => {
      imports[url] = sha256;
    });
    const { outputFiles, warnings } = await build(buildOptions(scriptFile, remote));
    if (exportsNothing(warnings)) throw new InputError(`${scriptFile}: ${wrapperFault('import "default"')}`);
    return { text: outputFiles[0]?.text ?? "", imports };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new InputError(error.errors.map((message) => describe(message, scriptFile)).join("\n"), {
      hint: hintFor(error.errors),
      cause: error,
    });
  }
}

function buildOptions(scriptFile: string, remote: Plugin): BuildOptions & { write: false } {
  const folder = dirname(scriptFile);
  return {
    stdin: { contents: wrapper(scriptFile), resolveDir: folder, sourcefile: wrapperName },
    // Beside the script, so that the source map names its files as k6 is to tell them.
    outfile: join(folder, "tunebench.js"),
    write: false,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    // k6's engine has no async generators; esbuild rewrites them.
    supported: { "async-generator": false, "for-await": false },
    external: ["k6", "k6/*"],
    alias: { "tunebench/k6": libFile },
    plugins: [noBrowser, k6InCommonJs, modulesOfOurOwn, remote, scriptFiles(folder)],
    sourcemap: "inline",
    absWorkingDir: folder,
    logLevel: "silent",
  };
}

/** Neither a default function nor options, which could name others: whoever asks a namespace for what it has not is warned. */
function exportsNothing(warnings: Message[]): boolean {
  const missing = (name: string) =>
    warnings.some(({ text }) => text.startsWith(`Import "${name}" will always be undefined`));
  return missing("default") && missing("options");
}

/** The detail of a message about a browser. */
const ofBrowser = "of-browser";

const noBrowser: Plugin = {
  name: "no-browser",
  setup({ onResolve }) {
    onResolve({ filter: /^k6\/(?:experimental\/)?browser$/ }, ({ path }) => ({
      errors: [
        {
          text: `${path} can't be run here: a browser sends its requests itself, and k6 counts none`,
          detail: ofBrowser,
        },
      ],
    }));
  },
};

/** A module cannot call require(): what CommonJS takes of k6 with it is imported. */
const k6InCommonJs: Plugin = {
  name: "k6-in-commonjs",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^k6(\/|$)/ }, ({ path, kind }) =>
      kind === "require-call" ? { path, namespace: "k6" } : null,
    );
    onLoad({ filter: /.*/, namespace: "k6" }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(path)}; export { default } from ${JSON.stringify(path)};`,
    }));
  },
};

const modulesOfOurOwn: Plugin = {
  name: "modules-of-our-own",
  setup({ onResolve }) {
    onResolve({ filter: /^k6(?:\/|$)/ }, ({ importer, path }) => {
      const own = inPlaceOf[path] ?? importer;
      // What the wrapper asks for itself is none of the script's responses.
      const isStandard = importer === own || basename(importer) === wrapperName;
      return isStandard ? { path, external: true } : { path: own };
    });
    onResolve({ filter: new RegExp(`^${duetModule}$`) }, () => ({ path: duetFile }));
  },
};

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
  if (messages.some(({ detail }) => detail === notFetched)) {
    return "it is fetched once, into ~/.cache/tunebench/imports; without a way out: put the file beside the script and import it by its path, or copy that folder from a machine that has it";
  }
  if (messages.some(({ detail }) => detail === ofBrowser)) {
    return "what can be measured is HTTP, WebSocket and gRPC: keep a browser's scenarios in a script of their own";
  }
  if (!messages.some((message) => message.text.startsWith("Could not resolve"))) return undefined;
  return "npm packages are found from the script's folder upwards; Node's own modules do not exist in k6";
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
