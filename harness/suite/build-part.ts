import type { PartForm, TargetForm } from "./schema-parts.ts";
import type { KubernetesPart, Part, Readiness } from "./suite.ts";

/** A part with its defaults. Of an external upstream all but its address is left at what asks for nothing. */
export function buildPart(form: PartForm | TargetForm): Part {
  const external = "external" in form ? (form.external ?? null) : null;
  const port = external?.port ?? form.port;
  if (port === undefined) throw new Error("a part without a port passed the checks");
  return {
    command: form.command ?? [],
    port,
    ready: buildReadiness(form.ready),
    env: form.env ?? {},
    sysctls: form.sysctls ?? {},
    cpus: form.cpus ?? null,
    ordinaryUser: form.ordinaryUser ?? false,
    rps: form.rps ?? null,
    replicas: 1,
    kubernetes: form.kubernetes === undefined ? null : buildKubernetes(form.kubernetes),
    external,
  };
}

function buildKubernetes(form: NonNullable<PartForm["kubernetes"]>): KubernetesPart {
  const nothing = { manifest: null, container: null, image: null, command: null, files: [] };
  if ("manifest" in form) return { ...nothing, manifest: form.manifest, container: form.container ?? null };
  return { ...nothing, image: form.image ?? null, command: form.command ?? null, files: form.files ?? [] };
}

function buildReadiness(form: PartForm["ready"]): Readiness {
  const withinMs = form?.within ?? 10_000;
  if (form !== undefined && "http" in form) return { check: { kind: "http", path: form.http }, withinMs };
  if (form !== undefined && "log" in form) return { check: { kind: "log", text: form.log }, withinMs };
  return { check: { kind: "tcp" }, withinMs };
}
