import { InputError } from "../core/errors.ts";
import { isKnownPrivate } from "../knowledge/keys.ts";
import { code } from "./code-spans.ts";
import { type DeliveryRecord, recordOf } from "./delivery-record.ts";
import { planText } from "./plan-text.ts";
import type { DeliveryFile, FromFile, Platform, Reaches } from "./platform.ts";
import type { PlatformName, WorkloadForm } from "./platform-names.ts";
import { platforms } from "./platforms.ts";
import { withReservedPorts } from "./reserved-ports.ts";
import { needsNodes, nodesSettings, podSettings, type Selection } from "./selection.ts";
import { type MergedWorkloads, mergeWorkloads } from "./workload.ts";
import { workloadChange } from "./workload-forms.ts";

/** What is to be written, the plan that says what to do with it, and the record that a later check reads. */
export interface DeliveredFiles {
  files: DeliveryFile[];
  plan: string;
  record: DeliveryRecord;
}

/** What a platform needs for a selection to reach its pods. Throws InputError where nothing is left to deliver, or `from` can't be merged with. */
export function deliver(
  name: PlatformName,
  asked: Selection,
  from: FromFile | null,
  form: WorkloadForm = "patch",
): DeliveredFiles {
  const platform = platforms[name];
  const { reaches } = platform;
  const selection = selectionFor[reaches](asked);
  checkSomething(selection);
  // What a command wrote that failed: what is there already would be lost.
  if (from !== null && /^\uFEFF?\s*$/.test(from.text)) {
    throw new InputError(`${from.name} is empty`, { hint: "leave --from out where nothing is there yet" });
  }
  const nodes = reaches !== "pods" || needsNodes(selection) ? platform.plan(selection, from) : null;
  const merged = reaches !== "pods" ? null : mergedWorkloads(platform, selection, from);
  const change = reaches !== "pods" || merged !== null ? null : workloadChange(selection, form);
  if (form !== "patch") checkForm(name, form, change !== null);
  const files = [...(nodes?.files ?? []), merged?.file ?? change?.file ?? []].flat();
  const notes = [...(nodes?.notes ?? []), ...(merged?.notes ?? [])];
  return {
    files,
    plan: planText({
      platform,
      selection,
      files,
      nodes,
      reaches,
      merged: from !== null,
      notes,
      workloads: merged?.selectors ?? [],
      change,
    }),
    record: recordOf({ platform: name, reaches }, selection, nodes, {
      sysctlsIn: merged?.sysctlsIn ?? (change === null ? [] : [change.sysctlsIn]),
      selectors: merged?.selectors ?? [],
    }),
  };
}

const selectionFor: Record<Reaches, (selection: Selection) => Selection> = {
  pods: (selection) => selection,
  kubelet: forKubelet,
  machine: forMachine,
  container: (selection) => withoutNodes(selection, ofTheHost),
};

/** A form that nothing would be written in is a mistake. */
function checkForm(platform: PlatformName, form: WorkloadForm, isWritten: boolean): void {
  if (isWritten) return;
  throw new InputError(`--workload-as ${form}: --platform ${platform} writes no change of a workload here`, {
    hint: "a workload that --from holds is merged as it is, and what runs in no cluster has none",
  });
}

/** A machine has the node's own keys too, and takes a suite's range without a pod's bounds. */
function forMachine(selection: Selection): Selection {
  const { settings, leftOut, listeners, minor, purpose } = selection;
  if (purpose === "rollout") return selection;
  const nodes = leftOut.map(({ why: _, ...setting }) => ({
    ...setting,
    reach: { kind: "node" } as const,
    evidence: null,
  }));
  return { ...selection, settings: withReservedPorts([...settings, ...nodes], listeners, minor), leftOut: [] };
}

/** One key that is not private makes every sandbox of the node fail, for ever: only what is known to be private is given. */
function forKubelet(selection: Selection): Selection {
  const pods = withoutNodes(selection, "it is the node's own, and no pod's");
  const unknown = pods.settings.filter(({ key }) => !isKnownPrivate(key));
  const left = unknown.map(({ key, value, values }) => ({ key, value, values, why: notKnown }));
  const settings = pods.settings.filter(({ key }) => isKnownPrivate(key));
  return { ...pods, settings, leftOut: [...pods.leftOut, ...left] };
}

const notKnown = "nothing says that it is private to a pod, and one that is not makes every pod of the node fail";

/** A container, or any pod of a node, has a network of its own; what is the machine's it can't have. */
function withoutNodes(selection: Selection, why: string): Selection {
  const { purpose, listeners, minor } = selection;
  const settings = podSettings(selection);
  const machines = nodesSettings(selection).map(({ key, value, values }) => ({ key, value, values, why }));
  return {
    ...selection,
    settings: purpose === "rollout" ? settings : withReservedPorts(settings, listeners, minor),
    leftOut: [...selection.leftOut, ...machines],
  };
}

const ofTheHost = "it is the machine's own and no container's: `--platform` `linux`, on the host";

/** The user's workloads of --from, merged; null where it has none. */
function mergedWorkloads(platform: Platform, selection: Selection, from: FromFile | null): MergedWorkloads | null {
  if (from === null || !platform.from.isYaml(from.text)) return null;
  return mergeWorkloads(from, selection, (object) => platform.owns(object));
}

function checkSomething(selection: Selection): void {
  if (selection.settings.length > 0) return;
  const { leftOut, conditions, elsewhere, evidence } = selection;
  const shipped = conditions.map(({ key, value }) => code(`${key}=${value}`)).join(", ");
  throw nothing(selection, [
    ...(selection.purpose === "rollout" ? evidence.slice(0, 1) : []),
    ...leftOut.map(({ key, value, why }) => `left out: ${code(`${key}=${value}`)}: ${why}`),
    ...(shipped === "" ? [] : [`the experiment's conditions, which are not delivered: ${shipped}`]),
    ...elsewhere.map((sentence) => `not delivered from here: ${sentence}`),
  ]);
}

function nothing({ subject, purpose }: Selection, reasons: string[]): InputError {
  const hint =
    purpose === "rollout"
      ? "deliver a profile that helped; where the run was too short to show it, run more blocks (--blocks N)"
      : "run the suite as it is";
  return new InputError(
    [`nothing is left to deliver of ${subject}`, ...reasons.map((reason) => `- ${reason}`)].join("\n"),
    { hint },
  );
}
