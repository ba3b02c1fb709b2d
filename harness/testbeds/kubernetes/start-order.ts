import { escaped } from "../../core/text.ts";
import { dials, namesInCluster, namespacesOf } from "./manifest/dialled.ts";
import type { Manifest } from "./manifest/manifest.ts";
import type { PartSources } from "./part-sources.ts";

/** Upstream -> the upstreams that it dials by the names of their Services, and which are started before it. */
export type StartOrder = Record<string, string[]>;

/**
 * Whom an upstream waits for: whose address it needs as it is made. Where two dial each other the first of the suite does not wait. The target
 * comes after all of them. Pure.
 */
export function startOrder(sources: PartSources): StartOrder {
  const order: StartOrder = {};
  for (const [role, dialled] of dialledUpstreams(sources))
    order[role] = dialled.filter((other) => !waitsFor(order, other, role));
  return order;
}

function waitsFor(order: StartOrder, role: string, other: string): boolean {
  return role === other || (order[role] ?? []).some((next) => waitsFor(order, next, other));
}

function dialledUpstreams(sources: PartSources): [role: string, dialled: string[]][] {
  const all = manifestsOf(sources);
  const tellers = all.map(([, teller]) => teller);
  const upstreams = all.filter(([role]) => role !== "target");
  return upstreams.map(([role, manifest]) => [
    role,
    upstreams.filter(([other, by]) => other !== role && dials(manifest, by, tellers)).map(([other]) => other),
  ]);
}

type Parts = [role: string, manifest: Manifest][];

function manifestsOf(sources: PartSources): Parts {
  return Object.entries(sources).flatMap(([role, { manifest }]) => (manifest === null ? [] : [[role, manifest]]));
}

/** Names that parts dial and that lead to no part of the run, a line each with its place. Pure. */
export function dialWarnings(sources: PartSources): string[] {
  const order = startOrder(sources);
  const parts = manifestsOf(sources);
  const tellers = parts.map(([, teller]) => teller);
  return parts.flatMap(([role, manifest]) => {
    const at = `${manifest.file}:${manifest.lineOf([])}`;
    const known = role === "target" ? parts.map(([other]) => other) : [role, ...(order[role] ?? [])];
    const late = parts.filter(([other, by]) => !known.includes(other) && dials(manifest, by, tellers));
    const strangers = namesInCluster(manifest).filter(({ service, namespace }) =>
      parts.every(([, by]) => !hasService(by, service, namespace, tellers)),
    );
    return [
      ...late.map(
        ([other]) =>
          `${at}: ${role} dials a Service of ${other}, which is started after it: the name leads nowhere in a trial`,
      ),
      ...strangers.map(
        ({ service, namespace }) =>
          `${at}: ${role} names ${escaped(`${service}.${namespace}.svc`)}, which is no part of the suite: it leads to what is installed in the cluster under that name, which then gets load, or nowhere; make it an upstream`,
      ),
    ];
  });
}

function hasService(
  { services, namespace: own }: Manifest,
  name: string,
  namespace: string,
  tellers: Manifest[],
): boolean {
  const named = services.filter(({ metadata }) => metadata?.name === name);
  return named.some((service) => namespacesOf(service, own, tellers).includes(namespace));
}
