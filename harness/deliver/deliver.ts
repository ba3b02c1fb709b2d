import { InputError } from "../errors.ts";
import { readDocuments } from "./documents.ts";
import { planText } from "./plan.ts";
import type { DeliveryFile, FromFile, Platform } from "./platform.ts";
import type { PlatformName } from "./platform-names.ts";
import { platforms } from "./platforms.ts";
import { needsNodes, type Selection } from "./selection.ts";
import { isWorkload, mergeWorkloads, workloadPatch } from "./workload.ts";

/** What is to be written, and the plan that says what to do with it. */
export interface Delivery {
  files: DeliveryFile[];
  plan: string;
}

/** What a platform needs for a selection to reach its pods. Throws InputError where `from` can't be merged with. */
export function deliver(name: PlatformName, selection: Selection, from: FromFile | null): Delivery {
  const platform = platforms[name];
  if (from !== null && platform.from === null) {
    throw new InputError(`--platform ${name} merges with no file`, { hint: "leave --from out, and read its plan" });
  }
  const onHost = name === "linux";
  const nodes =
    selection.settings.length > 0 && (onHost || needsNodes(selection)) ? platform.plan(selection, from) : null;
  const workload = onHost ? null : workloadFile(platform, selection, from);
  const files = [...(nodes?.files ?? []), ...(workload === null ? [] : [workload])];
  return { files, plan: planText({ platform, selection, files, nodes, onHost, merged: from !== null }) };
}

/** The user's workloads of --from, merged; a patch where it has none. */
function workloadFile(platform: Platform, selection: Selection, from: FromFile | null): DeliveryFile | null {
  const patch = workloadPatch(selection);
  if (patch === null || from === null || platform.from?.yaml !== true) return patch;
  const workloads = readDocuments(from).filter(isWorkload);
  return workloads.length === 0 ? patch : mergeWorkloads(workloads, selection, from);
}
