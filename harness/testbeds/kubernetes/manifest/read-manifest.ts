import type { V1ConfigMap, V1PodSpec, V1Service } from "@kubernetes/client-node";
import type { z } from "zod";
import { didYouMean } from "../../../core/nearest.ts";
import { escaped } from "../../../core/text.ts";
import { type Problem, pathText, shown } from "../../../suite/problems.ts";
import { workloadKinds } from "../../../suite/schema-kubernetes.ts";
import { type ManifestObject, manifestError, readObjects } from "./documents.ts";
import type { Manifest, ManifestWarning, WorkloadKind } from "./manifest.ts";
import { configMapForm, podForm, serviceForm, workloadForm } from "./schema.ts";

/**
 * A user's manifest: one Deployment, StatefulSet, DaemonSet or Pod, with its Services and the ConfigMaps beside it; Helm's hooks are left out.
 * @param wanted KIND/NAME of the workload that is meant; null where the file has one
 * @throws InputError with `file:line:column` for each fault; where the workload is not there, or not the only one, naming them
 */
export function readManifest(fileName: string, text: string, wanted: string | null = null): Manifest {
  const all = readObjects(fileName, text).map((object) => identified(fileName, object));
  const objects = all.filter(({ hook }) => hook === null);
  const workload = chosenWorkload(fileName, objects, wanted);
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  const pod = podOf(fileName, workload);
  const services = ofKind("Service").map((object) => ({ object, service: serviceOf(fileName, object) }));
  const own = services.filter(({ service }) => selects(service, pod.labels));
  const strangers = services.filter((one) => !own.includes(one));
  return {
    file: fileName,
    ...pod,
    configMaps: ofKind("ConfigMap").map((object) => configMapOf(fileName, object)),
    services: own.map(({ service }) => service),
    hasDisruptionBudget: ofKind("PodDisruptionBudget").length > 0,
    leftOut: [
      ...all.flatMap(hookWords),
      ...objects.filter((object) => object !== workload).flatMap(leftOutWords),
      ...strangers.map(({ object }) => strangerWords(object)),
    ],
    madeAt: [workload, ...own.map(({ object }) => object)].map(lineOf),
  };
}

/** Names of a file's workloads, KIND/NAME, in its order; Helm's hooks are none. Throws InputError where it can't be read. */
export function workloadsIn(fileName: string, text: string): string[] {
  const objects = readObjects(fileName, text).map((object) => identified(fileName, object));
  return objects.filter(({ kind, hook }) => isWorkload(kind) && hook === null).map(nameOf);
}

/** An object that says what it is: `kind` is "" where the API group is not the one that we know the kind from. */
interface Identified extends ManifestObject {
  kind: string;
  /** "Ingress web" */
  title: string;
  /** What Helm runs it as, beside the release: "test-success"; null where it is part of it. */
  hook: string | null;
}

/** Kinds that we know, with their API group. */
const groups: Record<string, string> = {
  Deployment: "apps",
  StatefulSet: "apps",
  DaemonSet: "apps",
  Pod: "",
  ConfigMap: "",
  Service: "",
  PodDisruptionBudget: "policy",
};

function identified(fileName: string, object: ManifestObject): Identified {
  const { value } = object;
  const fields = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  const kind = "kind" in fields ? fields.kind : undefined;
  const apiVersion = "apiVersion" in fields ? fields.apiVersion : undefined;
  if (typeof kind !== "string" || typeof apiVersion !== "string") {
    const text = `this is not a Kubernetes object: it has no apiVersion and kind, but is ${shown(value)}`;
    throw manifestError(fileName, [{ ...object.locate([], "value"), text }]);
  }
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const metadata = "metadata" in fields ? (fields.metadata as Metadata | null) : null;
  const name = typeof metadata?.name === "string" ? ` ${escaped(metadata.name)}` : "";
  const hook = metadata?.annotations?.["helm.sh/hook"];
  return {
    ...object,
    kind: groups[kind] === group ? kind : "",
    title: `${escaped(kind)}${name}`,
    hook: typeof hook === "string" ? hook : null,
  };
}

type Metadata = { name?: unknown; annotations?: Record<string, unknown> | null };

function chosenWorkload(fileName: string, objects: Identified[], wanted: string | null): Identified {
  const workloads = objects.filter(({ kind }) => isWorkload(kind));
  const chosen = wanted === null ? workloads : workloads.filter((object) => nameOf(object) === wanted);
  const [first, second] = chosen;
  if (first !== undefined && second === undefined) return first;
  const place = (second ?? objects[0])?.locate(["kind"], "key") ?? { line: 1, column: 1 };
  throw manifestError(fileName, [{ ...place, text: whyNone(fileName, objects, workloads, wanted) }]);
}

function whyNone(file: string, objects: Identified[], workloads: Identified[], wanted: string | null): string {
  const found = (workloads.length === 0 ? objects : workloads).map(({ title }) => title).slice(0, 20);
  if (workloads.length === 0) {
    return `it has no ${workloadKinds.join(", ")}, but ${found.length === 0 ? "nothing" : found.join(", ")}`;
  }
  const names = workloads.map(nameOf);
  if (wanted === null) {
    return `it has several workloads (${found.join(", ")}): say which by manifest: {file: ${escaped(file)}, workload: ${names[0]}}`;
  }
  if (names.includes(wanted)) return `it has ${wanted} more than once`;
  return `it has no ${wanted}, but ${names.slice(0, 20).join(", ")}${didYouMean(wanted, names)}`;
}

/** "Deployment/web" */
function nameOf({ title }: Identified): string {
  return title.replace(" ", "/");
}

function isWorkload(kind: string): kind is WorkloadKind {
  return workloadKinds.some((known) => known === kind);
}

type PodOf = Pick<
  Manifest,
  "kind" | "name" | "namespace" | "replicas" | "labels" | "annotations" | "spec" | "claims" | "lineOf"
>;

function podOf(fileName: string, object: Identified): PodOf {
  if (object.kind === "Pod") {
    const pod = checked(fileName, object, podForm);
    const { name, namespace = null, labels = {}, annotations = {} } = pod.metadata;
    const rest = { labels, annotations, spec: pod.spec as unknown as V1PodSpec, claims: [] };
    return { kind: "Pod", name, namespace, replicas: 1, ...rest, lineOf: (path) => object.locate(path, "key").line };
  }
  const { metadata, spec } = checked(fileName, object, workloadForm);
  const { labels = {}, annotations = {} } = spec.template.metadata ?? {};
  return {
    kind: object.kind as WorkloadKind,
    name: metadata.name,
    namespace: metadata.namespace ?? null,
    replicas: spec.replicas ?? 1,
    labels,
    annotations,
    spec: spec.template.spec as unknown as V1PodSpec,
    claims: (spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name),
    lineOf: (path) => object.locate(["spec", "template", ...path], "key").line,
  };
}

function configMapOf(fileName: string, object: Identified): V1ConfigMap {
  return checked(fileName, object, configMapForm) as V1ConfigMap;
}

function serviceOf(fileName: string, object: Identified): V1Service {
  return checked(fileName, object, serviceForm) as V1Service;
}

/** Whether a Service is the pod's own. */
function selects({ spec }: V1Service, labels: Record<string, string>): boolean {
  const wanted = Object.entries(spec?.selector ?? {});
  const byAddress = spec?.ports !== undefined && spec.type !== "ExternalName";
  return byAddress && wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function checked<Form extends z.ZodType>(fileName: string, object: Identified, form: Form): z.output<Form> {
  const result = form.safeParse(withoutNulls(object.value));
  if (result.success) return result.data;
  throw manifestError(
    fileName,
    result.error.issues.map((issue) => problemOf(object, issue)),
  );
}

function problemOf(object: ManifestObject, issue: z.core.$ZodIssue): Problem {
  const quoting = /expected string, received (number|boolean)/.test(issue.message) ? "; put it in quotes" : "";
  const what = issue.message.replace(/^Invalid input: /, "").replace(/, received undefined$/, ", and nothing is there");
  return {
    ...object.locate(issue.path, "value"),
    text: `${pathText(issue.path) || "the object"}: ${escaped(what)}${quoting}`,
  };
}

/** As Kubernetes reads it: a field with nothing behind it is not written. Depth is bounded by what the parser takes. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

/** Of an object, where its kind stands. */
function lineOf({ locate }: Identified): number {
  return locate(["kind"], "key").line;
}

function hookWords(object: Identified): ManifestWarning[] {
  const { hook, title } = object;
  if (hook === null) return [];
  return [
    {
      line: lineOf(object),
      text: `${title} is not made: Helm runs it as a hook (${escaped(hook)}), it is no part of what serves`,
    },
  ];
}

function leftOutWords(object: Identified): ManifestWarning[] {
  const { kind, title } = object;
  if (kind === "ConfigMap" || kind === "Service") return [];
  const line = lineOf(object);
  if (isWorkload(kind))
    return [{ line, text: `${title} is not made for this part: another part of the suite may name it` }];
  const why = title.startsWith("Secret") || title.startsWith("ServiceAccount") ? referenced : notMade;
  return [{ line, text: `${title} is not made: ${why}` }];
}

function strangerWords(object: Identified): ManifestWarning {
  return { line: lineOf(object), text: `${object.title} is not made: its selector is not this pod's` };
}

const referenced = "the pod refers to the one that is in the namespace";
const notMade = "a run makes the pod itself, its Services and its ConfigMaps";
