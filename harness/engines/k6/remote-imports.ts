import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import * as z from "zod";
import { cacheFolder } from "../../cache/folder.ts";
import { ownText } from "../../core/read-regular.ts";
import { writeWhole } from "../../results/write.ts";

const copyShape = z.object({
  /** Where it was found in the end, behind redirects: what it imports by a relative path lies beside that. */
  from: z.string(),
  /** Of the text. */
  sha256: z.string(),
  text: z.string(),
});

/** A module that was fetched. */
type Copy = z.infer<typeof copyShape>;

const withinMs = 20_000;
const mostBytes = 8 * 2 ** 20;
const mostRedirects = 5;
const namespace = "remote";

/** The detail of a message about a module that can't be had: what helps is another thing than for other faults of an import. */
export const notFetched = "not-fetched";

/**
 * Modules that a script imports by https (jslib) become part of the bundle: k6 itself can't fetch them in a namespace without a way out. Each
 * is fetched once, into the user's cache with its digest; a copy that no longer has its digest is not used. Redirects are followed to
 * https only. What can't be had is told at the import's place; `onImport` is told what was had.
 */
export function remoteImports(env: NodeJS.ProcessEnv, onImport: (url: string, sha256: string) => void): Plugin {
  const copies = new Map<string, Copy>();
  const take = async (url: string) => {
    try {
      const copy = copies.get(url) ?? (await copyOf(url, env));
      copies.set(url, copy);
      onImport(url, copy.sha256);
      return { path: url, namespace };
    } catch (error) {
      return { errors: [{ text: `${url} can't be fetched: ${reasonOf(error)}`, detail: notFetched }] };
    }
  };
  return {
    name: "remote-imports",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^https:\/\// }, ({ path }) => take(path));
      onResolve({ filter: /^http:\/\// }, ({ path }) => ({
        errors: [{ text: `${path} can't be imported: k6 imports by https only` }],
      }));
      onResolve({ filter: /^\.{0,2}\//, namespace }, ({ path, importer }) =>
        take(new URL(path, copies.get(importer)?.from ?? importer).href),
      );
      onLoad({ filter: /.*/, namespace }, ({ path }) => {
        const { from = path, text = "" } = copies.get(path) ?? {};
        // What JavaScript compares, a<b>(c), would be a call in TypeScript.
        return { contents: text, loader: /\.[cm]?ts$/.test(new URL(from).pathname) ? "ts" : "js" };
      });
    },
  };
}

async function copyOf(url: string, env: NodeJS.ProcessEnv): Promise<Copy> {
  const folder = join(cacheFolder(env), "imports");
  const file = join(folder, `${digestOf(url)}.json`);
  const kept = keptCopy(file);
  if (kept !== null && kept.sha256 === digestOf(kept.text)) return kept;
  const was = kept === null ? "" : "its copy in the cache was changed (it has another digest), and ";
  try {
    const { from, text } = await fetched(url);
    const copy = { from, sha256: digestOf(text), text };
    mkdirSync(folder, { recursive: true });
    writeWhole(file, `${JSON.stringify(copy)}\n`);
    return copy;
  } catch (error) {
    throw new Error(`${was}${reasonOf(error)}`, { cause: error });
  }
}

function keptCopy(file: string): Copy | null {
  try {
    return copyShape.parse(JSON.parse(ownText(file) ?? "null"));
  } catch {
    return null;
  }
}

async function fetched(url: string, redirects = 0): Promise<Pick<Copy, "from" | "text">> {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(withinMs) });
  const to = response.headers.get("location");
  if (response.status >= 300 && response.status < 400 && to !== null) {
    const next = new URL(to, url).href;
    if (!next.startsWith("https://")) throw new Error(`it leads to ${next}, and only https is followed`);
    if (redirects === mostRedirects) throw new Error(`it leads on more than ${mostRedirects} times`);
    return fetched(next, redirects + 1);
  }
  if (!response.ok) throw new Error(`HTTP ${response.status} from ${url}`);
  const text = await response.text();
  if (text.length > mostBytes) throw new Error(`it is larger than ${mostBytes / 2 ** 20} MiB`);
  return { from: url, text };
}

/** What is behind Node's "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (message !== "fetch failed" || !(cause instanceof Error)) return message;
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message === "" ? (code ?? message) : cause.message;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
