import { createHash } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { readRegular } from "../core/read-regular.ts";
import type { Caveat } from "../results/caveats.ts";
import { assertNoLink } from "../results/symlinks.ts";
import { writeWhole, writing } from "../results/write.ts";
import type { Suite } from "../suite/suite.ts";
import { filesBelow, namedFiles, type SuitePlace } from "./suite-files.ts";
import { variablesWithoutSecrets, yamlWithoutSecrets } from "./suite-secrets.ts";

/** Past these a suite's folder is taken for a project of its own, and only what the suite names is looked at. */
const limits = { files: 300, bytes: 10 * 1024 * 1024 };

/** The suite's files as they were run. */
export interface SuiteCopy {
  /** Path from the suite's folder, a whole one where a command names it so, or the URL of a module that the script imports -> sha256. */
  digests: Record<string, string>;
  caveats: Caveat[];
}

/** The digests of a suite whose script was bundled, and whose runs are kept in `out`. Throws InputError for a file that can't be read. */
export function digestsOf(suite: Suite, out: string): SuiteCopy {
  const { folder, file, ignore, imports } = suite;
  const { digests, caveats } = digestSuite({ folder, file, named: namedBy(suite), out: resolve(out), ignore });
  return { digests: { ...digests, ...imports }, caveats };
}

/** Whether a digest is of a file in the suite's folder, by its name. */
export function isBelow(name: string): boolean {
  return !isAbsolute(name) && !isOutside(name) && !name.startsWith("https://");
}

/**
 * Digests of the files that a suite's runs are made of: those of its folder (see suite-files.ts), the named ones alone where the
 * folder is large, and what is named outside it. Throws InputError for one that can't be read.
 */
export function digestSuite(place: SuitePlace): SuiteCopy {
  const below = filesBelow(place, limits.files);
  const bytes = below.reduce((sum, file) => sum + statSync(file).size, 0);
  const whole = below.length <= limits.files && bytes <= limits.bytes;
  const own = whole ? below.map((file) => [relative(place.folder, file), file] as const) : [];
  const files = [...new Map([...own, ...Object.entries(namedFiles(place))])];
  const digests = Object.fromEntries(files.map(([name, file]) => [name, digest(file)]).toSorted());
  return { digests, caveats: whole ? [] : [notWhole(basename(place.folder))] };
}

function notWhole(folder: string): Caveat {
  const [mostFiles, mostMebibytes] = [limits.files, limits.bytes / 2 ** 20];
  return { code: "suite-not-copied-whole", folder, mostFiles, mostMebibytes };
}

/**
 * Copies digested files of the suite's folder into the run's suite/ folder; those that are whole there stay as they are. What lies
 * outside, also behind a link, and hidden files (.env: secrets) stay where they are: their digest alone is kept. `secrets` are replaced
 * in YAML files and in files of variables (*.env). Throws IncompleteError where that can't be written.
 */
export function copySuite(
  digests: SuiteCopy["digests"],
  from: string,
  to: string,
  secrets: ReadonlyMap<string, string> = new Map(),
): void {
  writing(dirname(to), () => {
    for (const [path, wanted] of Object.entries(digests)) {
      if (!isToKeep(from, path)) continue;
      assertNoLink(dirname(to), join(basename(to), path));
      if (existsSync(join(to, path)) && digest(join(to, path)) === wanted) continue;
      mkdirSync(dirname(join(to, path)), { recursive: true });
      writeWhole(join(to, path), copied(join(from, path), secrets));
    }
  });
}

function copied(file: string, secrets: ReadonlyMap<string, string>): string | Uint8Array {
  const bytes = readRegular(file);
  const without = /\.ya?ml$/i.test(file) ? yamlWithoutSecrets : /\.env$/i.test(file) ? variablesWithoutSecrets : null;
  return secrets.size === 0 || without === null ? bytes : without(bytes.toString("utf8"), secrets);
}

function isToKeep(folder: string, path: string): boolean {
  if (!isBelow(path) || basename(path).startsWith(".")) return false;
  return !isOutside(relative(realpathSync(folder), realpathSync(join(folder, path))));
}

function isOutside(way: string): boolean {
  return way === ".." || way.startsWith("../");
}

/** What the suite names: the script, and the words of all commands, of which some are files. */
function namedBy(suite: Suite): string[] {
  const parts = [suite.target, ...Object.values(suite.upstreams), ...suite.profiles];
  return [suite.load.script, ...parts.flatMap(({ command }) => command ?? [])];
}

function digest(file: string): string {
  try {
    return createHash("sha256").update(readRegular(file)).digest("hex");
  } catch (cause) {
    throw new InputError(`a file of the suite can't be read: ${(cause as Error).message}`, { cause });
  }
}
