import { Document } from "yaml";
import { addTo, setAt, writeDocument } from "../documents.ts";
import type { FromFile, Platform } from "../platform.ts";
import { labelText, taintText } from "../pool.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { command } from "../text.ts";
import { otherDocuments } from "../workload.ts";
import { byHand, sysctlFiles } from "./by-hand.ts";

/** k3s: the agent's (or server's) config.yaml. */
export const k3s: Platform = {
  title: "k3s",
  from: { what: "the node's /etc/rancher/k3s/config.yaml", yaml: true },
  plan(selection, from) {
    const config = { name: "1-config.yaml", text: configFile(selection, from) };
    const merged = from === null ? " (merged with yours, where there is one: use `--from`)" : "";
    return {
      files: [config, ...sysctlFiles(selection)],
      ...byHand(selection, {
        step: `On each node of the pool \`1-config.yaml\` becomes /etc/rancher/k3s/config.yaml${merged}. Its label and taint are read when a node registers first; on one that is there, the next step sets them.\n${command("systemctl restart k3s-agent   # k3s on a server")}`,
        nodes: "k3s of each node is started again; its pods go on. No node is replaced or rebooted.",
        undo: `Take the keys out again.\n${command("systemctl restart k3s-agent")}`,
      }),
    };
  },
};

function configFile(selection: Selection, file: FromFile | null): string {
  const from = file ?? { name: "1-config.yaml", text: "" };
  const document = otherDocuments(from)[0] ?? new Document({});
  const lists = { "node-label": labelText(selection.name), "node-taint": taintText(selection.name) };
  const keys = unsafeKeys(selection);
  if (keys.length > 0) addArgument(document, keys, from);
  for (const [list, entry] of Object.entries(lists)) {
    asList(document, list, from);
    addTo(document, [list], [entry], from, (there, wanted) => there === wanted);
  }
  return writeDocument(document);
}

const flag = "allowed-unsafe-sysctls=";

/** The kubelet takes the flag's last value only: the keys of one that is there stay in it. */
function addArgument(document: Document, keys: string[], from: FromFile): void {
  asList(document, "kubelet-arg", from);
  const there = valuesAt(document, "kubelet-arg");
  const at = there.findLastIndex((argument) => String(argument).replace(/^--/, "").startsWith(flag));
  const old = at < 0 ? [] : String(there[at]).replace(/^.*?=/, "").split(",");
  const argument = flag + [...new Set([...old, ...keys])].join(",");
  if (at < 0) addTo(document, ["kubelet-arg"], [argument], from, () => false);
  else setAt(document, ["kubelet-arg", at], argument, from);
}

/** k3s takes one text in place of a list. */
function asList(document: Document, key: string, from: FromFile): void {
  const value: unknown = document.get(key);
  if (typeof value === "string") setAt(document, [key], [value], from);
}

function valuesAt(document: Document, key: string): unknown[] {
  const values: unknown = (document.toJSON() as Record<string, unknown> | null)?.[key];
  return Array.isArray(values) ? values : [];
}
