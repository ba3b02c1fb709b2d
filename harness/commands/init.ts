import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../errors.ts";
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
  mkdirSync(join(folder, "lib"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  cpSync(join(scenariosFolder, "lib"), join(folder, "lib"), { recursive: true });
  // Node reads a .ts file as a module by its package; without one it guesses, and warns on every start.
  if (!existsSync(join(folder, "package.json"))) {
    writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, type: "module" }, null, 2)}\n`);
  }
  process.stdout.write(`${folder}\n`);
  process.stderr.write(
    `${options.scenario} is in ${folder}: ${Object.keys(files).join(", ")}, lib/\nnext: tunebench run ${dir}\n`,
  );
  return 0;
}

/** The scenario's own files, with the library beside them instead of one folder up. */
function filesOf(scenario: string): Record<string, string> {
  const folder = join(scenariosFolder, scenario);
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ name }) => {
      const text = readFileSync(join(folder, name), "utf8");
      return [name, text.replaceAll('"../lib/', '"./lib/').replace(/^# yaml-language-server:.*\n/, "")];
    }),
  );
}
