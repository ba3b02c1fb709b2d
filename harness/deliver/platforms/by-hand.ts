import { command } from "../code-spans.ts";
import type { DeliveryFile, NodePlan } from "../platform.ts";
import { labelText, nodesCheck, poolKey, taintText, taintWords } from "../pool.ts";
import { nodesSettings, type Selection, unsafeKeys } from "../selection.ts";
import { sysctlFile, sysctlFileName } from "../sysctl-file.ts";
import { kebabTrap, nodeTrap } from "../traps.ts";
import { locationIn } from "./allowlist-file.ts";

/** What only the host can be given, as a file of sysctl.d. */
export function sysctlFiles(selection: Selection): DeliveryFile[] {
  const settings = nodesSettings(selection);
  return settings.length === 0 ? [] : [{ name: `2-${sysctlFileName}`, text: sysctlFile(settings) }];
}

/** Steps of platforms whose nodes are reached by hand: what the platform does, label and taint, the node's own settings. */
export function byHand(
  selection: Selection,
  own: { step: string; nodes: string; undo: string; keep: string[] },
): Omit<NodePlan, "files" | "allowlistIn" | "notes"> {
  const { name } = selection;
  const unsafe = unsafeKeys(selection).length > 0;
  const marks = `Label and taint of the node. Pods that run there already stay.\n${command(`kubectl label node YOUR_NODE ${labelText(name)}`, `kubectl taint node YOUR_NODE ${taintText(name)}`)}`;
  const keys = nodesSettings(selection).map(({ key }) => key);
  const host = `The node's own settings; the old values are kept first.\n${command(`sysctl ${keys.join(" ")} > ~/sysctl.before`, `install --mode=644 2-${sysctlFileName} /etc/sysctl.d/${sysctlFileName}`, "sysctl --system")}`;
  const hasHost = keys.length > 0;
  const unmark = `Label and taint.\n${command(
    `kubectl label node YOUR_NODE ${poolKey}-`,
    `kubectl taint node YOUR_NODE ${taintText(name)}-`,
  )}`;
  return {
    nodeSettingsIn: [locationIn(`2-${sysctlFileName}`, [])],
    first:
      "Do all steps on one node, and run one pod of the workload there; go on to the next nodes when that one has served a peak well.",
    steps: [
      ...(unsafe ? [`Keep what is there.\n${command(...own.keep)}`, own.step] : []),
      marks,
      ...(hasHost ? [host] : []),
    ],
    nodes: `${unsafe ? own.nodes : "Nothing is started again: sysctl sets the values at once."} ${taintWords}`,
    verify: [nodesCheck(name)],
    undo: [
      unmark,
      ...(unsafe ? [own.undo] : []),
      ...(hasHost
        ? [
            `The node's own settings, as they were kept.\n${command(`rm /etc/sysctl.d/${sysctlFileName}`, "sysctl --load=$HOME/sysctl.before")}`,
          ]
        : []),
    ],
    traps: unsafe ? [nodeTrap("sysctl.d"), kebabTrap] : [],
  };
}
