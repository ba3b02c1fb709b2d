import { allowlistFlag, flagUnion } from "../allowlist.ts";
import { command } from "../code-spans.ts";
import { isMap } from "../objects.ts";
import type { FromFile, Platform } from "../platform.ts";
import { labelText, markedBefore, poolKey, taintText } from "../pool.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import type { YamlFile } from "../yaml/file.ts";
import type { Plain, YamlPath } from "../yaml/model.ts";
import { freshFile, locationIn, onlyDocument, platformFile, written } from "./allowlist-file.ts";
import { byHand, sysctlFiles } from "./by-hand.ts";

const fileName = "1-config.yaml";
const dropIn = "/etc/rancher/k3s/config.yaml.d/90-tunebench.yaml";

/** k3s: the agent's (or server's) config.yaml, or a file of config.yaml.d. */
export const k3s: Platform = {
  title: "k3s",
  reaches: "pods",
  from: {
    what: "the node's /etc/rancher/k3s/config.yaml, or the file of its config.yaml.d that has kubelet-arg",
    isYaml: () => true,
  },
  owns: ({ kind, apiVersion }) => kind === "" && apiVersion === "",
  plan(selection, from) {
    const there = from === null ? null : platformFile(from, k3s.owns);
    const config = configFile(selection, from, there);
    const unsafe = unsafeKeys(selection).length > 0;
    const target = there === null ? `${dropIn}: \`+\` adds to what config.yaml has` : "the file that you gave";
    return {
      files: [written(fileName, config.file), ...sysctlFiles(selection)],
      allowlistIn: [locationIn(fileName, [config.key])],
      notes: [
        "A later file of /etc/rancher/k3s/config.yaml.d with `kubelet-arg:` (without `+`) takes the place of all before it: `grep --recursive kubelet-arg /etc/rancher/k3s/` must show none after this one. Nor should k3s be started with `--kubelet-arg` (`systemctl cat k3s-agent`).",
        ...(unsafe ? [flagWins] : []),
        ...config.notes,
      ],
      ...byHand(selection, {
        step: `On each node of the pool \`${fileName}\` becomes ${target}. Its label and taint are read when a node registers first; on one that is there, the next step sets them.\n${command("systemctl restart k3s-agent   # k3s on a server")}`,
        nodes: "k3s of each node is started again; its pods go on. No node is replaced or rebooted.",
        undo: `${there === null ? "The file goes" : "The files as they were kept"}; then k3s is started again.\n${command(there === null ? `rm ${dropIn}` : "cp --archive ~/k3s.before/. /etc/rancher/k3s/", "systemctl restart k3s-agent   # k3s on a server")}`,
        keep: ["cp --archive /etc/rancher/k3s ~/k3s.before"],
      }),
    };
  },
};

const flagWins =
  "The argument is the kubelet's flag, which takes the place of `allowedUnsafeSysctls` in a configuration file of the kubelet's own as a whole: where a `kubelet-arg` names one (`config=`, `config-dir=`), add that file's keys to the argument.";

function configFile(
  selection: Selection,
  from: FromFile | null,
  there: YamlFile | null,
): { file: YamlFile; key: string; notes: string[] } {
  const file = there ?? freshFile(fileName, {});
  const at = from === null || there === null ? [0] : (onlyDocument(there, from, () => true)?.at ?? [0]);
  const keys = unsafeKeys(selection);
  const key = keys.length > 0 ? addArgument(file, at, keys) : "kubelet-arg";
  const notes = [
    putMark(file, at, "node-label", labelText(selection.name)),
    putMark(file, at, "node-taint", taintText(selection.name)),
  ].flatMap((before) => (before === null ? [] : [markedBefore(before)]));
  return { file, key, notes };
}

/** A label or taint of ours; one of another profile's gives way, and is returned: of two taints the kubelet takes neither. */
function putMark(file: YamlFile, at: YamlPath, name: string, mark: string): string | null {
  const before = entriesOf(file, at, name).find(({ text }) => text.startsWith(`${poolKey}=`));
  if (before === undefined) {
    addToList(file, at, name, mark);
    return null;
  }
  file.set(before.path, mark);
  return before.text === mark ? null : before.text;
}

/** What counts of a list, last first. */
function entriesOf(file: YamlFile, at: YamlPath, name: string): { place: string; path: YamlPath; text: string }[] {
  return [...keysOf(file, at, name)].reverse().flatMap((place) => {
    const value = file.value([...at, place]);
    return Array.isArray(value)
      ? value.map((text, index) => ({ place, path: [...at, place, index], text: String(text) })).reverse()
      : [{ place, path: [...at, place], text: String(value) }];
  });
}

/** A flag that is given twice adds to its first; one of ours that is there already stays, with the keys in it. */
function addArgument(file: YamlFile, at: YamlPath, keys: string[]): string {
  const given = entriesOf(file, at, "kubelet-arg").filter(({ text }) => isOurs(text));
  const last = given[0];
  if (last === undefined) return addToList(file, at, "kubelet-arg", `${allowlistFlag}=${keys.join(",")}`);
  const [head = "", ...rest] = last.text.split("=");
  file.set(last.path, `${head}=${flagUnion(rest.join("="), keys)}`);
  return last.place;
}

function isOurs(argument: string): boolean {
  return new RegExp(`^(--)?${allowlistFlag}[+-]?=`).test(argument);
}

/**
 * The keys of a list that count in this file: k3s reads them in order, `name+` adds to what came before, `name` takes the place of it.
 */
function keysOf(file: YamlFile, at: YamlPath, name: string): string[] {
  const value = file.value(at);
  const there = isMap(value) ? Object.keys(value).filter((key) => key === name || key === `${name}+`) : [];
  const from = Math.max(0, there.indexOf(name));
  return there.slice(from).filter((key) => value !== null && file.has([...at, key]));
}

/** An entry more where the list is; where there is none, or one text instead of a list, under `name+`, which adds. Returns the key. */
function addToList(file: YamlFile, at: YamlPath, name: string, entry: string): string {
  const counting = keysOf(file, at, name);
  const all: Plain[] = counting.flatMap((key) => file.value([...at, key]) ?? []);
  const list = counting.findLast((key) => Array.isArray(file.value([...at, key])));
  if (all.includes(entry)) return list ?? name;
  if (list !== undefined) file.append([...at, list], [entry]);
  else file.append([...at, counting.includes(`${name}+`) ? name : `${name}+`], [entry]);
  return list ?? `${name}+`;
}
