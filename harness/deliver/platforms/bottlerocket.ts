import { command } from "../code-spans.ts";
import type { FromFile, Platform } from "../platform.ts";
import { labelText, markedBefore, nodesCheck, poolKey, taintText, taintWords } from "../pool.ts";
import { nodesSettings, type Selection, unsafeKeys } from "../selection.ts";
import { terraform, terraformWords } from "../terraform.ts";
import { mergeToml, type TomlChange, tomlText } from "../toml-file.ts";
import { nodeTrap } from "../traps.ts";
import { locationIn } from "./allowlist-file.ts";

const fileName = "1-settings.toml";

/** Bottlerocket: settings in TOML, as user data or over its API. */
export const bottlerocket: Platform = {
  title: "Bottlerocket",
  reaches: "pods",
  from: { what: "the nodes' user data (TOML)", isYaml: () => false },
  owns: () => false,
  plan(selection, from) {
    const { name } = selection;
    const [hasList, hasKernel] = [unsafeKeys(selection).length > 0, nodesSettings(selection).length > 0];
    return {
      files: [{ name: fileName, text: from === null ? settingsOf(selection) : mergeToml(from, changesOf(selection)) }],
      allowlistIn: [locationIn(fileName, ["settings.kubernetes.allowed-unsafe-sysctls"])],
      nodeSettingsIn: [locationIn(fileName, ["settings.kernel.sysctl"])],
      notes:
        from === null
          ? [
              "`allowed-unsafe-sysctls` takes the place of a list that is there: look with `apiclient get settings.kubernetes.allowed-unsafe-sysctls`, and write its keys beside these.",
            ]
          : marksBefore(from),
      first:
        "Try it on one node with `apiclient` (it lasts until that node is replaced), with one pod of the workload there; then one pool.",
      steps: [
        `Keep what is there, on a node and of the user data.\n${command(`apiclient get settings.kubernetes${hasKernel ? " settings.kernel" : ""} > before.json`)}`,
        `The settings go into the nodes' user data (an EC2NodeClass's \`spec.userData\`, or the launch template's): ${from === null ? "lines of a table that is there already go into that table, since TOML wants each table once" : "the file is the whole of it"}. On a node that runs, they can be tried first, by \`apiclient\`, which merges:\n${command("apiclient apply < 1-settings.toml")}`,
        `${terraformWords}\n${terraform(fileName, null)}`,
        `A node that has joined already takes no label and no taint from its settings: there they are set by hand.\n${command(`kubectl label node YOUR_NODE ${labelText(name)}`, `kubectl taint node YOUR_NODE ${taintText(name)}`)}`,
        `With Karpenter give the NodePool the same label and taint: it must know them before a node is there.`,
      ],
      nodes: `New user data reaches new nodes only: with Karpenter every node of the pools that use the class drifts and is replaced; in a managed group the new launch template version replaces them. \`apiclient\` starts the kubelet of that one node again, and no reboot undoes it. ${taintWords}`,
      verify: [nodesCheck(name), `On a node.\n${command("apiclient get settings.kubernetes.allowed-unsafe-sysctls")}`],
      undo: [
        `Take the lines out of the user data; new nodes come without them. On a node where it was tried, ${hasList ? "the list of before.json (here: none), and " : ""}label and taint by hand${hasKernel ? "; the kernel's settings as before.json has them" : ""}.\n${command(...(hasList ? ['apiclient set --json \'{"settings":{"kubernetes":{"allowed-unsafe-sysctls":[]}}}\''] : []), `kubectl label node YOUR_NODE ${poolKey}-`, `kubectl taint node YOUR_NODE ${taintText(name)}-`)}`,
      ],
      traps: [nodeTrap("`settings.kernel.sysctl`")],
    };
  },
};

const kubernetes = ["settings", "kubernetes"];

/** What the user data is to say, in the order of its tables. */
function changesOf(selection: Selection): TomlChange[] {
  const keys = unsafeKeys(selection);
  const mark = { key: poolKey, adds: false };
  return [
    ...(keys.length === 0 ? [] : [{ table: kubernetes, key: "allowed-unsafe-sysctls", value: keys, adds: true }]),
    { ...mark, table: [...kubernetes, "node-labels"], value: selection.name },
    { ...mark, table: [...kubernetes, "node-taints"], value: [`${selection.name}:NoSchedule`] },
    ...nodesSettings(selection).map(({ key, value }) => ({
      table: ["settings", "kernel", "sysctl"],
      key,
      value,
      adds: false,
    })),
  ];
}

/** Label of another delivery in the user data: a sentence. */
function marksBefore({ text }: FromFile): string[] {
  const mark = new RegExp(`^\\s*"${poolKey}"\\s*=\\s*"(tunebench-[\\w-]+)"`, "m").exec(text)?.[1];
  return mark === undefined ? [] : [markedBefore(labelText(mark))];
}

function settingsOf(selection: Selection): string {
  const keys = unsafeKeys(selection);
  const settings = nodesSettings(selection);
  const allowlist = `[settings.kubernetes]\nallowed-unsafe-sysctls = [${keys.map(tomlText).join(", ")}]\n`;
  const label = `[settings.kubernetes.node-labels]\n${tomlText(poolKey)} = ${tomlText(selection.name)}\n`;
  const taint = `[settings.kubernetes.node-taints]\n${tomlText(poolKey)} = [${tomlText(`${selection.name}:NoSchedule`)}]\n`;
  const kernel = settings.map(({ key, value }) => `${tomlText(key)} = ${tomlText(value)}\n`).join("");
  return [
    ...(keys.length === 0 ? [] : [allowlist]),
    label,
    taint,
    ...(settings.length === 0 ? [] : [`[settings.kernel.sysctl]\n${kernel}`]),
  ].join("\n");
}
