import type { V1Service, V1ServicePort } from "@kubernetes/client-node";
import { dnsName, labelKeys } from "../names.ts";
import { type PartSpec, partMetadata, partName } from "./part-spec.ts";

/** The manifest's Services under names of the trial's own: within the cluster only, and for this part's pod only. */
export function ownServices(part: PartSpec, written: V1Service[]): V1Service[] {
  return written.map(({ metadata, spec }) => {
    const own = partMetadata(part, dnsName(`${partName(part)}-${metadata?.name ?? ""}`));
    return {
      apiVersion: "v1",
      kind: "Service",
      metadata: own,
      spec: {
        type: "ClusterIP",
        ...(spec?.clusterIP === "None" ? { clusterIP: "None" } : {}),
        selector: selectorOf(own.labels ?? {}),
        ports: (spec?.ports ?? []).map(withoutNodePort),
      },
    };
  });
}

function selectorOf(labels: Record<string, string>): Record<string, string> {
  const keys = [labelKeys.run, labelKeys.trial, labelKeys.role];
  return Object.fromEntries(keys.map((key) => [key, labels[key] ?? ""]));
}

function withoutNodePort({ nodePort, ...port }: V1ServicePort): V1ServicePort {
  return port;
}
