import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import { packageFile } from "../core/package-root.ts";
import { asCalled } from "./called-as.ts";
import { type FoundService, scriptText, suiteText } from "./init/found-service.ts";
import { scenarioNames, scenariosFolder } from "./scenarios.ts";
import { checkFree, fillFolder, libraryFiles, type Packages, packageWith, textsIn } from "./suite-folder.ts";

/** What the suite is made of: a scenario, or a service of the user's own. */
export interface InitOptions {
  scenario?: string;
  /** Program and arguments. */
  command?: string;
  /** File of Kubernetes objects. */
  manifest?: string;
  /** Image of docker or podman. */
  image?: string;
  /** Compose file. */
  compose?: string;
}

const otherFolder = "name another folder: tunebench init DIR";

/**
 * `tunebench init`: a scenario's files, or a suite for a service of one's own, with the schema, types and what git is to leave out; to run
 * and to change. Overwrites nothing.
 */
export async function init(dir: string, options: InitOptions): Promise<number> {
  const folder = resolve(dir);
  checkFree(folder, ["suite.yaml"], otherFolder);
  const service = await serviceOf(folder, options);
  const made = service === null ? filesOf(checkedName(options.scenario ?? "port-exhaustion")) : ownFiles(service);
  checkFree(folder, Object.keys(made), otherFolder);
  const packages = packagesOf(Object.values(made));
  const hasPackage = existsSync(join(folder, "package.json"));
  const ignored = existsSync(join(folder, ".gitignore")) ? {} : { ".gitignore": "node_modules/\nresults/\n" };
  const files = { ...made, ...ignored, ...(hasPackage ? {} : { "package.json": packageWith(packages) }) };
  fillFolder(folder, files, otherFolder);
  process.stdout.write(`${folder}\n`);
  const what = service === null ? (options.scenario ?? "port-exhaustion") : `a suite for ${service.name}`;
  process.stderr.write(`${what} is in ${folder}: ${Object.keys(files).join(", ")}\n`);
  if (hasGitignoreWithoutResults(folder)) {
    process.stderr.write("add results/ to .gitignore: runs are written there\n");
  }
  process.stderr.write(`next: ${installWords(dir, packages, hasPackage)}${asCalled(nextWords(dir, service))}\n`);
  return 0;
}

/** null for a scenario. Throws InputError where more than one thing is asked for. */
async function serviceOf(folder: string, options: InitOptions): Promise<FoundService | null> {
  const asked = (["scenario", "command", "manifest", "image", "compose"] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (asked.length > 1) throw new InputError(`--${asked.join(" and --")} are given; use one of them`);
  const { command, manifest, image, compose } = options;
  if (command !== undefined) return (await import("./init/from-command.ts")).serviceOfCommand(command, folder);
  if (manifest !== undefined) return (await import("./init/from-manifest.ts")).serviceOfManifest(manifest, folder);
  if (image !== undefined) return (await import("./init/from-image.ts")).serviceOfImage(image);
  if (compose !== undefined) return (await import("./init/from-compose.ts")).serviceOfCompose(compose, folder);
  return null;
}

function ownFiles(service: FoundService): Record<string, string> {
  return {
    "suite.yaml": suiteText(service),
    "load.ts": scriptText(service.path),
    ...service.files,
    "suite.schema.json": readFileSync(packageFile("suite.schema.json"), "utf8"),
  };
}

/** What git is told stays as the user wrote it. */
function hasGitignoreWithoutResults(folder: string): boolean {
  return !/^\/?results\/?$/m.test(readFileSync(join(folder, ".gitignore"), "utf8"));
}

/** No run needs them. */
const forEditors = " (types for an editor)";

/** npm adds to a package.json that was there what it is told; one that was made here has it already. */
function installWords(dir: string, { dependencies, devDependencies }: Packages, hasPackage: boolean): string {
  const ranges = (of: Record<string, string>) => Object.entries(of).map(([name, range]) => ` ${name}@${range}`);
  const own = ranges(dependencies).join("");
  if (!hasPackage) return `npm install --prefix ${dir}${own === "" ? forEditors : ""}, then `;
  const needed = own === "" ? "" : `npm install --prefix ${dir}${own}, then `;
  return `npm install --prefix ${dir} --save-dev${ranges(devDependencies).join("")}${forEditors}, then ${needed}`;
}

function nextWords(dir: string, service: FoundService | null): string {
  if (service === null) return `tunebench run ${dir}`;
  return service.target.kubernetes !== null
    ? `tunebench run ${dir} --cluster NAME`
    : `tunebench try ${dir}, then tunebench run ${dir}`;
}

function checkedName(scenario: string): string {
  const names = scenarioNames();
  if (names.includes(scenario)) return scenario;
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

/** Of the packages that a clone of this one has, with its version ranges. */
function packagesOf(texts: string[]): Packages {
  const { devDependencies: all } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as Packages;
  const imported = (name: string) => texts.some((text) => new RegExp(`^import .*"${name}[/"]`, "m").test(text));
  const types = "@types/k6";
  return {
    dependencies: Object.fromEntries(Object.entries(all).filter(([name]) => imported(name))),
    devDependencies: Object.fromEntries(Object.entries(all).filter(([name]) => name === types)),
  };
}
