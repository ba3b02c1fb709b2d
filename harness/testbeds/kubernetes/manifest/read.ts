import type { V1ConfigMap, V1PodSpec, V1Service } from "@kubernetes/client-node";
import type { z } from "zod";
import { escaped } from "../../../core/text.ts";
import { type Problem, pathText, shown } from "../../../suite/problems.ts";
import { type ManifestObject, manifestError, readObjects } from "./documents.ts";
import { type Manifest, type ManifestWarning, type WorkloadKind, workloadKinds } from "./manifest.ts";
import { configMapForm, podForm, serviceForm, workloadForm } from "./schema.ts";

/**
 * A user's manifest: one Deployment, StatefulSet, DaemonSet or Pod, with its Services and the ConfigMaps beside it.
 * @throws InputError with `file:line:column` for each fault; where there is no workload or more than one, naming them
 */
export function readManifest(fileName: string, text: string): Manifest {
  const objects = readObjects(fileName, text).map((object) => identified(fileName, object));
  const workload = onlyWorkload(fileName, objects);
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  const pod = podOf(fileName, workload);
  const services = ofKind("Service").map((object) => ({ object, service: serviceOf(fileName, object) }));
  const strangers = services.filter(({ service }) => !selects(service, pod.labels));
  return {
    file: fileName,
    ...pod,
    configMaps: ofKind("ConfigMap").map((object) => configMapOf(fileName, object)),
    services: services.map(({ service }) => service).filter((service) => selects(service, pod.labels)),
    hasDisruptionBudget: ofKind("PodDisruptionBudget").length > 0,
    leftOut: [...objects.flatMap(leftOutWords), ...strangers.map(({ object }) => strangerWords(object))],
  };
}

/** An object that says what it is: `kind` is "" where the API group is not the one that we know the kind from. */
interface Identified extends ManifestObject {
  kind: string;
  /** "Ingress web" */
  title: string;
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
  const metadata = "metadata" in fields ? (fields.metadata as { name?: unknown } | null) : null;
  const name = typeof metadata?.name === "string" ? ` ${escaped(metadata.name)}` : "";
  return { ...object, kind: groups[kind] === group ? kind : "", title: `${escaped(kind)}${name}` };
}

function onlyWorkload(fileName: string, objects: Identified[]): Identified {
  const workloads = objects.filter(({ kind }) => isWorkload(kind));
  const [first, second] = workloads;
  if (first !== undefined && second === undefined) return first;
  const found = (first === undefined ? objects : workloads).map(({ title }) => title).slice(0, 20);
  const place = (second ?? objects[0])?.locate(["kind"], "key") ?? { line: 1, column: 1 };
  const text =
    first === undefined
      ? `it has no ${workloadKinds.join(", ")}, but ${found.length === 0 ? "nothing" : found.join(", ")}`
      : `it has several workloads (${found.join(", ")}): split them, one file for each part of the suite`;
  throw manifestError(fileName, [{ ...place, text }]);
}

function isWorkload(kind: string): kind is WorkloadKind {
  return workloadKinds.some((known) => known === kind);
}

type PodOf = Pick<Manifest, "kind" | "name" | "replicas" | "labels" | "annotations" | "spec" | "claims" | "lineOf">;

function podOf(fileName: string, object: Identified): PodOf {
  if (object.kind === "Pod") {
    const pod = checked(fileName, object, podForm);
    const { name, labels = {}, annotations = {} } = pod.metadata;
    const rest = { labels, annotations, spec: pod.spec as unknown as V1PodSpec, claims: [] };
    return { kind: "Pod", name, replicas: 1, ...rest, lineOf: (path) => object.locate(path, "key").line };
  }
  const { metadata, spec } = checked(fileName, object, workloadForm);
  const { labels = {}, annotations = {} } = spec.template.metadata ?? {};
  return {
    kind: object.kind as WorkloadKind,
    name: metadata.name,
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

function leftOutWords({ kind, title, locate }: Identified): ManifestWarning[] {
  if (isWorkload(kind) || kind === "ConfigMap" || kind === "Service") return [];
  const why = title.startsWith("Secret") || title.startsWith("ServiceAccount") ? referenced : notMade;
  return [{ line: locate(["kind"], "key").line, text: `${title} is not made: ${why}` }];
}

function strangerWords({ title, locate }: Identified): ManifestWarning {
  return { line: locate(["kind"], "key").line, text: `${title} is not made: its selector is not this pod's` };
}

const referenced = "the pod refers to the one that is in the namespace";
const notMade = "a run makes the pod itself, its Services and its ConfigMaps";
