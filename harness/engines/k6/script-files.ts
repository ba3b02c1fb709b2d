import { dirname, extname, relative } from "node:path";
import type { Loader, Plugin } from "esbuild";
import { readRegular } from "../../core/read-regular.ts";

/** Far beyond any module that k6 could run. */
const mostModuleBytes = 64 * 2 ** 20;

/**
 * Reads a script's modules. esbuild itself would wait for a writer of a pipe, and read a device or some files of /proc without an end. k6
 * looks for files that a script opens from the script's folder (it runs there); what another folder's module opens is looked for beside that
 * module first, as k6 does while it loads it.
 */
export function scriptFiles(folder: string): Plugin {
  return {
    name: "script-files",
    setup({ onLoad, esbuild }) {
      onLoad({ filter: /.*/, namespace: "file" }, async ({ path }) => {
        try {
          const source = readRegular(path, { mostBytes: mostModuleBytes }).toString("utf8");
          const loader = loaders[extname(path)];
          const own = relative(folder, dirname(path));
          if (loader === undefined || !opensFiles(source, own)) return null;
          const { code, map } = await esbuild.transform(source, {
            loader,
            define: { open: "tunebenchOpen", "import.meta.resolve": "tunebenchResolve" },
            sourcemap: "external",
            sourcefile: path,
            target: "esnext",
          });
          const mapped = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
          return { contents: `${code}\n${openFrom(own)}\n${mapped}`, loader: "js" };
        } catch (error) {
          if (Array.isArray((error as { errors?: unknown }).errors)) return null;
          return { errors: [{ text: `${path} can't be read: ${(error as Error).message}` }] };
        }
      });
    },
  };
}

const loaders: Record<string, Loader> = {
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
};

function opensFiles(source: string, own: string): boolean {
  return (own !== "" && /\bopen\b/.test(source)) || source.includes("import.meta");
}

/** Hoisted: it may stand at the module's end, where it moves no line. */
function openFrom(own: string): string {
  const beside = JSON.stringify(own === "" ? "" : `${own}/`);
  return `function tunebenchResolve(path) { return /^\\.\\.?\\//.test(path) ? ${beside} + path : path; }
function tunebenchOpen(path, ...mode) {
  if (/^(\\/|file:)/.test(path)) return open(path, ...mode);
  try { return open(${beside} + path, ...mode); } catch (besideModule) {
    try { return open(path, ...mode); } catch { throw besideModule; }
  }
}`;
}
