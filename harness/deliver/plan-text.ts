import { interfaceOf, procFile } from "../knowledge/keys.ts";
import { waysRoundAllowlist } from "../knowledge/kubernetes.ts";
import { code, codes, command } from "./code-spans.ts";
import { inNamespace, isName } from "./kubectl-words.ts";
import { programStep } from "./other-half.ts";
import type { DeliveryFile, NodePlan, Platform, Reaches } from "./platform.ts";
import { portWords } from "./ports-words.ts";
import { securityWords } from "./security-words.ts";
import { type DeliveredSetting, needsNodes, podSettings, type Selection, unsafeKeys } from "./selection.ts";
import { queueCheck, timestampsCheck, watchWords } from "./watch-words.ts";
import type { WorkloadSelector } from "./workload.ts";
import type { WorkloadChange } from "./workload-forms.ts";

interface PlanInput {
  platform: Platform;
  selection: Selection;
  files: DeliveryFile[];
  /** null where no node must be changed. */
  nodes: NodePlan | null;
  reaches: Reaches;
  /** Whether the user's file was merged with. */
  merged: boolean;
  /** What the user's file had, and what came of it: sentences. */
  notes: string[];
  /** The user's workloads; [] where --from had none. */
  workloads: WorkloadSelector[];
  /** The change of a workload that was not given; null where there is none. */
  change: WorkloadChange | null;
}

/** The plan as Markdown: what is applied in which order, what that does, how to see that it took, how to take it back. */
export function planText(input: PlanInput): string {
  const { platform, selection, reaches } = input;
  const inCluster = reaches === "pods";
  return [
    `# ${platform.title}: ${selection.subject}`,
    [...selection.evidence, inCluster ? (selection.beside ?? "") : ""].filter((part) => part !== "").join("\n\n"),
    section("What is delivered", [table(selection.settings, reaches), ...leftOut(selection)]),
    section("The experiment's conditions, not delivered", conditions(selection)),
    section("Not delivered from here", bullets(selection.elsewhere)),
    section("Look first", bullets(input.notes)),
    section("Ports", bullets(selection.purpose === "rollout" || !inCluster ? portWords(selection, reaches) : [])),
    ...body(input),
    section(
      "Caveats",
      bullets([
        ...selection.caveats,
        ...interfaceCaveats(selection, reaches),
        ...(inCluster ? [versionCaveat(selection)] : []),
      ]),
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function body(input: PlanInput): string[] {
  const { platform, selection, nodes, reaches, merged } = input;
  const inCluster = reaches === "pods";
  const program = programStep(selection.otherHalf);
  const steps = [
    ...(program === null ? [] : [program]),
    ...(nodes?.steps ?? []),
    ...(inCluster ? workloadStep(input) : []),
  ];
  const why = [...(nodes?.traps ?? []), ...(inCluster && nodes !== null ? waysRoundAllowlist : [])];
  return [
    section("Begin with one", begin(input)),
    section("Apply, in this order", [
      ...steps.map((step, index) => `${index + 1}. ${step.replace(/\n/g, "\n   ")}`),
      nodes === null || merged ? "" : `What is there already is merged with by \`--from FILE\`: ${platform.from.what}.`,
    ]),
    section(reaches === "container" ? "The machine" : "Nodes", [
      nodes?.nodes ?? "No node is changed: every key is safe, and any node's kubelet lets a pod set it.",
    ]),
    section("Verify", numbered([...(nodes?.verify ?? []), ...checks(input)])),
    section("Undo", numbered([...(inCluster ? podUndo(input) : []), ...(nodes?.undo ?? [])])),
    section("Security", bullets([...(nodes?.security ?? []), ...(inCluster ? securityWords(selection) : [])])),
    section("Why not simply", bullets(why)),
  ];
}

const poolOfItsOwn =
  "One or two nodes are enough, of a group that serves nothing else: this is to measure on, and no pod of production should come there or be moved for it.";

/** With which node, pool or pod a rollout begins, and what is looked at before it goes on. */
function begin({ selection, nodes, reaches }: PlanInput): string[] {
  if (selection.purpose === "test-pool") return nodes === null || reaches !== "pods" ? [] : [poolOfItsOwn];
  const first =
    nodes?.first ??
    "Begin with one pod: a second Deployment of one replica with the settings, behind the same Service; then the whole workload.";
  return [
    first,
    ...onePod(selection, reaches),
    `Watch, before it goes on to the others:\n\n${bullets(watchWords(selection, reaches)).join("\n")}`,
  ];
}

/** A patch of the whole workload would move all its pods at once onto what may be one node. */
function onePod(selection: Selection, reaches: Reaches): string[] {
  if (reaches !== "pods" || !needsNodes(selection)) return [];
  return [
    "One pod there is a copy of your Deployment under another name, with one replica and the fields of the workload's file, behind the same Service. The workload's own step moves all its pods: take it when enough nodes carry the label, or pods stay Pending.",
  ];
}

function conditions({ conditions: list, origin }: Selection): string[] {
  if (list.length === 0) return [];
  const named = codes(list.map(({ key, value }) => `${key}=${value}`));
  if (origin.kind === "suite") return [`The suite gives them to its parts, so that a wall comes in seconds: ${named}.`];
  return [
    `The experiment gave them to the target under every profile, ${code(origin.baseline)} too, so that a wall comes in seconds or nothing else differs. They are no part of what helped: ${named}.`,
  ];
}

function table(settings: DeliveredSetting[], reaches: Reaches): string {
  if (settings.length === 0) return "Nothing.";
  const rows = settings.map(
    ({ key, value, reach, evidence }) =>
      `| ${cell(code(key))} | ${cell(code(value))} | ${reaches === "pods" ? reachWords(reach) : givenTo[reaches]} | ${cell(evidence ?? "")} |`,
  );
  return ["| key | value | reaches | seen |", "|---|---|---|---|", ...rows].join("\n");
}

const givenTo = { kubelet: "each new pod of the node", machine: "the machine", container: "the container" };

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function reachWords(reach: DeliveredSetting["reach"]): string {
  if (reach.kind === "node") return "the node, not the pod: node level";
  if (reach.kind === "unsafe") {
    return reach.safeFrom === null
      ? "the pod, where the node allows it: unsafe"
      : `the pod, where the node allows it: unsafe before Kubernetes 1.${reach.safeFrom}`;
  }
  const since = reach.since === 0 ? "" : ` since Kubernetes 1.${reach.since}`;
  return `the pod, on any node: safe${since}${reach.kernel === null ? "" : `, Linux ${reach.kernel} or newer`}`;
}

function leftOut({ leftOut: keys }: Selection): string[] {
  return keys.length === 0
    ? []
    : [bullets(keys.map(({ key, value, why }) => `Left out: ${code(key)} ${code(value)}: ${why}`)).join("\n")];
}

function workloadStep({ selection, files, workloads, change }: PlanInput): string[] {
  const file = files.find(({ name }) => name.startsWith("9-workload"));
  if (file === undefined) return [];
  if (change === null) {
    const names = codes(workloads.map(({ kind, name }) => `${kind}/${name ?? ""}`));
    return [
      `The workload: ${names}.\n${command(`kubectl diff --filename ${file.name}`, `kubectl apply --filename ${file.name}`)}`,
    ];
  }
  if (selection.purpose === "test-pool") {
    return [`The pods of the experiment: \`${file.name}\` holds the selector and the toleration that they need.`];
  }
  return [`The workload. ${change.step}`];
}

function checks({ selection, reaches, workloads }: PlanInput): string[] {
  const own = selection.purpose === "rollout" || reaches !== "pods" ? [queueCheck, timestampsCheck] : [];
  return [
    ...(reaches === "pods" ? podChecks(selection, workloads) : []),
    ...own.flatMap((check) => {
      const found = check(selection, reaches);
      return found === null ? [] : [`${found.text}\n${command(...found.commands)}`];
    }),
  ];
}

function podChecks(selection: Selection, workloads: WorkloadSelector[]): string[] {
  if (selection.purpose === "test-pool") return unsafeKeys(selection).length === 0 ? [] : [allowlistCheck];
  const settings = podSettings(selection);
  const holds = settings.map(({ key, value }) => `${code(procFile(key))} holds ${code(value)}`);
  const inside = `Inside the pod ${holds.join(", ")} (columns may be parted by tabs).\n${command(`kubectl exec YOUR_POD -- cat ${settings.map(({ key }) => procFile(key)).join(" ")}`)}`;
  const refused = `No pod was refused. A Deployment makes refused pods without end; scale it to 0 if you see one.\n${command(`kubectl get events${inNamespace(workloads[0]?.namespace ?? null) ?? " --all-namespaces"} --field-selector reason=SysctlForbidden`)}`;
  return [
    ...(unsafeKeys(selection).length === 0 ? [] : [allowlistCheck]),
    ...(settings.length === 0 ? [] : [inside, refused]),
  ];
}

const allowlistCheck = `What the node's kubelet really runs with.\n${command("kubectl get --raw /api/v1/nodes/YOUR_NODE/proxy/configz | jq .kubeletconfig.allowedUnsafeSysctls")}`;

/** Keys of one interface, whose name in a pod is the network plugin's choice. */
function interfaceCaveats({ settings }: Selection, reaches: Reaches): string[] {
  const how =
    reaches === "container"
      ? "a name that it has once a network is attached: Docker 27 and newer sets such keys by the driver option com.docker.network.endpoint.sysctls, with IFNAME for the name."
      : "a name that the network plugin gives. The tuning CNI plugin sets such keys by the token IFNAME, in the network's configuration, and asks no allowlist.";
  return settings.flatMap(({ key }) => {
    const name = interfaceOf(key);
    if (name === null || name === "all" || name === "default") return [];
    return [`${code(key)} is for the interface ${code(name)}, ${how}`];
  });
}

function versionCaveat({ minor, isMeasuredOn }: Selection): string {
  if (isMeasuredOn) {
    return `Kubernetes 1.${minor} is what the run's cluster had; which keys are safe depends on it (\`--kubernetes 1.MINOR\`).`;
  }
  return `Kubernetes 1.${minor} is assumed; which keys are safe depends on it (\`--kubernetes 1.MINOR\`).`;
}

function podUndo({ selection, workloads }: PlanInput): string[] {
  if (selection.purpose === "test-pool") return [];
  const [own = { kind: "Deployment", name: null, namespace: null }] = workloads;
  const named = workloads.length === 0 ? "YOUR_DEPLOYMENT" : (own.name ?? "");
  const kind = own.kind.toLowerCase();
  const rolls =
    ["deployment", "statefulset", "daemonset"].includes(kind) &&
    isName(named) &&
    (own.namespace === null || isName(own.namespace));
  const back = rolls
    ? `kubectl rollout undo ${kind} ${named}${inNamespace(own.namespace) ?? ""}`
    : "kubectl apply --filename YOUR_MANIFEST   # as it was";
  return [`First the workload, so that no pod asks for what nodes no longer allow.\n${command(back)}`];
}

function section(title: string, parts: string[]): string {
  const text = parts.filter((part) => part !== "");
  return text.length === 0
    ? ""
    : `## ${title}\n\n${text.join(text.every((part) => part.startsWith("- ")) ? "\n" : "\n\n")}`;
}

function bullets(sentences: string[]): string[] {
  return sentences.map((sentence) => `- ${sentence.replace(/\n/g, "\n  ")}`);
}

function numbered(steps: string[]): string[] {
  return steps.length < 2 ? steps : steps.map((step, index) => `${index + 1}. ${step.replace(/\n/g, "\n   ")}`);
}
