import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import { packageFile } from "../core/package-root.ts";
import { scenarioNames, scenariosFolder } from "./scenarios.ts";
import { fillFolder, libraryFiles, packageWith, textsIn } from "./suite-folder.ts";

/** `tunebench init`: a scenario's files, the script's library and the schema, to run and to change. Overwrites nothing. */
export function init(dir: string, options: { scenario: string }): number {
  checkName(options.scenario);
  const folder = resolve(dir);
  const files = filesOf(options.scenario);
  const dependencies = dependenciesOf(Object.values(files));
  const hasPackage = existsSync(join(folder, "package.json"));
  if (!hasPackage) files["package.json"] = packageWith(dependencies);
  fillFolder(folder, files, "name another folder: tunebench init DIR");
  // npm adds to a package.json that was there what it is told; one that was made here has it already.
  const toAdd = hasPackage ? Object.entries(dependencies).map(([name, range]) => ` ${name}@${range}`) : [];
  const install = `npm install --prefix ${dir}${toAdd.join("")}, then `;
  process.stdout.write(`${folder}\n`);
  process.stderr.write(`${options.scenario} is in ${folder}: ${Object.keys(files).join(", ")}\n`);
  process.stderr.write(`next: ${Object.keys(dependencies).length === 0 ? "" : install}tunebench run ${dir}\n`);
  return 0;
}

function checkName(scenario: string): void {
  const names = scenarioNames();
  if (names.includes(scenario)) return;
  throw new InputError(`no scenario ${scenario}${didYouMean(scenario, names)}`, { hint: `one of ${names.join(", ")}` });
}

/** What init writes, by path below the folder: the library and the schema lie beside the suite, not further up. */
function filesOf(scenario: string): Record<string, string> {
  const files = { ...textsIn(join(scenariosFolder, scenario), ""), ...libraryFiles() };
  const moved = Object.entries(files).map(([name, text]) => [
    name,
    text.replaceAll('"../lib/', '"./lib/').replace(/^(# yaml-language-server: \$schema=).*/, "$1./suite.schema.json"),
  ]);
  return Object.fromEntries(moved);
}

/** The packages that the files import, of those that a clone of this package has for its scenarios, with its version ranges. */
function dependenciesOf(texts: string[]): Record<string, string> {
  const { devDependencies } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as PackageFile;
  const imported = (name: string) => texts.some((text) => new RegExp(`^import .*"${name}[/"]`, "m").test(text));
  return Object.fromEntries(Object.entries(devDependencies).filter(([name]) => imported(name)));
}

interface PackageFile {
  devDependencies: Record<string, string>;
}
