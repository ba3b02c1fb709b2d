import { code, command } from "../code-spans.ts";
import {
  chosenName,
  containerSecurity,
  containerTraps,
  holdsWords,
  hostsIpc,
  notItsOwn,
  readInside,
  rootlessCaveats,
} from "../container-words.ts";
import { keepStep, putBack } from "../kept-file.ts";
import { yamlOf } from "../new-document.ts";
import { isMap } from "../objects.ts";
import { checkOneValue } from "../one-value.ts";
import type { FromFile, Platform } from "../platform.ts";
import { replaced } from "../replaced-value.ts";
import type { DeliveredSetting } from "../selection.ts";
import { YamlFile } from "../yaml/file.ts";
import type { Plain, YamlPath } from "../yaml/model.ts";
import { writeOut } from "../yaml/source.ts";
import { locationIn } from "./allowlist-file.ts";

interface ComposeFile {
  name: string;
  text: string;
  service: string;
  notes: string[];
}

/**
 * Docker Compose: a service's `sysctls`, as a map or a list. https://github.com/compose-spec/compose-spec/blob/main/05-services.md
 */
export const compose: Platform = {
  title: "Docker Compose",
  reaches: "container",
  from: { what: "the compose file (--workload names the service)", isYaml: () => false },
  owns: () => false,
  plan({ settings }, from) {
    checkOneValue(settings, "a container");
    const { name, text, service, notes } = from === null ? override(settings) : merged(from, settings);
    const path = `YOUR_PROJECT/${from === null ? "compose.yaml" : liveName(from)}`;
    const before = (words: string) => `docker compose --file ${path} ${words}`;
    const run = (words: string) => before(from === null ? `--file ${name} ${words}` : words);
    return {
      files: [{ name, text }],
      nodeSettingsIn: [locationIn(name, ["services", service, "sysctls"])],
      notes: [...notes, ...rootlessCaveats(settings)],
      first: "Begin with one host of several; go on when its service has served a peak well.",
      steps: [
        ...(from === null ? [] : [keepStep(path), inItsPlace(name, path)]),
        `See that it is what was meant: Compose reads it, and prints it with everything in its place. Further files of the project (compose.override.yaml, those of COMPOSE_FILE) are named here and below too, each with \`--file\`, in their order.\n${command(run("config"))}`,
        `The service is started anew; its dependencies stay.\n${command(run(`up --detach --no-deps ${service}`))}`,
      ],
      nodes:
        "Nothing of the machine is changed: the container is replaced, and with it go its connections. A container that runs keeps what it has; so does a `docker compose restart`.",
      verify: [`Inside, ${holdsWords(settings)}.\n${command(run(`exec ${service} ${readInside(settings)}`))}`],
      undo: [
        `The file as it was${from === null ? " (without the second one)" : ""}.\n${command(...(from === null ? [] : [putBack(path)]), before(`up --detach --no-deps ${service}`))}`,
      ],
      security: containerSecurity,
      traps: [
        ...containerTraps,
        "`network_mode: host`: `net.*` beside it is refused (`sysctl ... not allowed in host network namespace`).",
      ],
    };
  },
};

/** Its name is what Compose finds it by. */
function liveName({ name }: FromFile): string {
  return /^[\w.-]+\.ya?ml$/.test(name) ? name : "compose.yaml";
}

/** From another folder Compose would start a second project. */
function inItsPlace(name: string, path: string): string {
  return `The merged file goes in its place: the project's name, its relative paths and its \`.env\` come from that folder.\n${command(`cp ${name} ${path}`)}`;
}

/** A second file that Compose lays over the first. */
function override(settings: DeliveredSetting[]): ComposeFile {
  const service = "YOUR_SERVICE";
  const sysctls = Object.fromEntries(settings.map(({ key, value }) => [key, value]));
  const text = yamlOf({ services: { [service]: { sysctls } } });
  const notes = [`\`${service}\` in the file is to be the service's name; what its list has beside these keys stays.`];
  return { name: "1-compose.override.yaml", text, service, notes };
}

function merged(from: FromFile, settings: DeliveredSetting[]): ComposeFile {
  const file = new YamlFile(from.name, from.text);
  const services = file.count === 1 ? file.value([0, "services"]) : null;
  const service = chosenName(isMap(services) ? Object.keys(services) : [], from, "service");
  const lineage = lineageOf(file, service);
  checkNamespaces(file, lineage.services, settings);
  checkInherited(file, lineage.services, settings);
  const path: YamlPath = [0, "services", service, "sysctls"];
  const isList = Array.isArray(file.value(path));
  const notes = settings.flatMap((setting) => (isList ? putEntry : putKey)(file, path, setting) ?? []);
  return { name: "1-compose.yaml", text: file.text, service, notes: [...lineage.notes, ...notes] };
}

/** A service and those of the file that it extends, each the next one's heir; a sentence where the last extends what is not read here. */
function lineageOf(file: YamlFile, service: string): { services: YamlPath[]; notes: string[] } {
  const names = [service];
  for (;;) {
    const at: YamlPath = [0, "services", names.at(-1) ?? service, "extends"];
    const base = baseOf(file.meant(at));
    const services = names.map((name): YamlPath => [0, "services", name]);
    if (base === null) return { services, notes: [] };
    if (base.file !== null) return { services, notes: [extendsElsewhere(file, at, base.file)] };
    // Compose refuses a circle itself.
    if (names.includes(base.service)) return { services, notes: [] };
    names.push(base.service);
  }
}

function baseOf(extended: Plain): { service: string; file: string | null } | null {
  if (typeof extended === "string") return { service: extended, file: null };
  if (!isMap(extended) || typeof extended.service !== "string") return null;
  return { service: extended.service, file: typeof extended.file === "string" ? extended.file : null };
}

function extendsElsewhere(file: YamlFile, at: YamlPath, other: string): string {
  return `${code(file.placeOf(at))}: the service extends one of ${code(other)}, which is not read here: see in \`docker compose config\` that it brings no \`network_mode\` (or \`ipc\`) of another's, with which the settings are refused.`;
}

/** What a service says of itself counts before what it extends. */
function checkNamespaces(file: YamlFile, services: YamlPath[], settings: DeliveredSetting[]): void {
  const whose = (key: string) => services.map((at): YamlPath => [...at, key]).find((path) => file.meant(path) !== null);
  const networkAt = whose("network_mode") ?? [];
  const network = file.meant(networkAt);
  if (typeof network === "string" && /^(host$|none$|service:|container:)/.test(network))
    throw file.wrong(networkAt, ...notItsOwn(network));
  const ipcAt = whose("ipc") ?? [];
  const fault = file.meant(ipcAt) === "host" ? hostsIpc(settings) : null;
  if (fault !== null) throw file.wrong(ipcAt, ...fault);
}

/** A value that is replaced, or added to, is told: one that the service has by what it extends would go unseen. */
function checkInherited(file: YamlFile, [own = [], ...bases]: YamlPath[], settings: DeliveredSetting[]): void {
  const known = keysOf(file.meant([...own, "sysctls"]));
  const wanted = settings.map(({ key }) => key).filter((key) => !known.includes(key));
  for (const base of bases) {
    const path: YamlPath = [...base, "sysctls"];
    const inherited = keysOf(file.meant(path)).find((key) => wanted.includes(key));
    if (inherited !== undefined)
      throw file.wrong(path, `has ${inherited}, which goes to a service that extends this one`, writeOut);
  }
}

/** Of `sysctls`, a list (`- KEY=VALUE`) or a map. */
function keysOf(sysctls: Plain): string[] {
  if (Array.isArray(sysctls)) return sysctls.map((entry) => String(entry).split("=")[0]?.trim() ?? "");
  return isMap(sysctls) ? Object.keys(sysctls) : [];
}

function putKey(file: YamlFile, path: YamlPath, setting: DeliveredSetting): string | null {
  const before = file.textAt([...path, setting.key]);
  const { value, note } = replaced(setting, before);
  if (before !== value) file.set([...path, setting.key], value);
  return note;
}

/** `- KEY=VALUE` */
function putEntry(file: YamlFile, path: YamlPath, setting: DeliveredSetting): string | null {
  const entries = file.listAt(path).map((entry) => String(entry));
  const at = entries.findLastIndex((entry) => entry.split("=")[0]?.trim() === setting.key);
  const before = at < 0 ? null : (entries[at] ?? "").slice(setting.key.length + 1);
  const { value, note } = replaced(setting, before);
  if (at < 0) file.append(path, [`${setting.key}=${value}`]);
  else if (before !== value) file.set([...path, at], `${setting.key}=${value}`);
  return note;
}
