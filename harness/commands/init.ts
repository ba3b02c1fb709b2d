import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { packageFile } from "../package-root.ts";
import { didYouMean } from "../suite/nearest.ts";
import { scenarioNames, scenariosFolder } from "./scenarios.ts";

/** `tunebench init`: a scenario's files, the script's library and the schema, to run and to change. Overwrites nothing. */
export function init(dir: string, options: { scenario: string }): number {
  const names = scenarioNames();
  if (!names.includes(options.scenario)) {
    throw new InputError(`no scenario ${options.scenario}${didYouMean(options.scenario, names)}`, {
      hint: `one of ${names.join(", ")}`,
    });
  }
  const folder = resolve(dir);
  const files = filesOf(options.scenario);
  const taken = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (taken.length > 0) {
    throw new InputError(`${folder} has ${taken.join(", ")} already`, {
      hint: "name another folder: tunebench init DIR",
    });
  }
  // Node reads a .ts file as a module by its package; without one it guesses, and warns on every start.
  if (!existsSync(join(folder, "package.json"))) files["package.json"] = json({ private: true, type: "module" });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  process.stdout.write(`${folder}\n`);
  process.stderr.write(`${options.scenario} is in ${folder}: ${Object.keys(files).join(", ")}\n`);
  process.stderr.write(`next: tunebench run ${dir}\n`);
  return 0;
}

/** What init writes, by path below the folder: the library and the schema lie beside the suite, not further up. */
function filesOf(scenario: string): Record<string, string> {
  const files = { ...textsIn(join(scenariosFolder, scenario), ""), ...textsIn(join(scenariosFolder, "lib"), "lib/") };
  const moved = Object.entries(files).map(([name, text]) => [
    name,
    text.replaceAll('"../lib/', '"./lib/').replace(/^(# yaml-language-server: \$schema=).*/, "$1./suite.schema.json"),
  ]);
  return { ...Object.fromEntries(moved), "suite.schema.json": readFileSync(packageFile("suite.schema.json"), "utf8") };
}

function textsIn(folder: string, prefix: string): Record<string, string> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map(({ name }) => [prefix + name, readFileSync(join(folder, name), "utf8")]));
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
