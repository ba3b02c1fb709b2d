import * as z from "zod";
import { deliveryRoutes } from "./cluster.ts";
import { choice, command, form, line, list, map, text } from "./schema-forms.ts";

/** Schema of what is said of clusters, and of the names in them, by Kubernetes' own grammar. */

export const route = choice(deliveryRoutes);

/** Also the folder's name below clusters/. */
export const clusterNamePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const clusterName = text(
  "the name of a cluster: lower-case letters, digits and -, such as one-node; local is this machine",
  clusterNamePattern,
);

const dnsLabelPart = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const subdomain = `${dnsLabelPart}(?:\\.${dnsLabelPart})*`;
const labelName = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";

/** Namespaces and containers (RFC 1123). */
export function dnsLabel(what: string) {
  return text(
    `${what}: lower-case letters, digits and - (not at its ends), at most 63`,
    new RegExp(`^${dnsLabelPart}$`),
  );
}

/** `name` or `prefix/name`; the prefix is a DNS name of at most 253 characters. */
export const labelKey = text(
  "the key of a label: letters, digits and - _ . (not at its ends), at most 63, after a DNS name and / or alone, such as node.kubernetes.io/instance-type",
  new RegExp(`^(?:(?=.{1,253}/)${subdomain}/)?${labelName}$`),
);
export const labelValue = text(
  "the value of a label: letters, digits and - _ . (not at its ends), at most 63, in quotes where YAML would take it for a number or for true or false",
  new RegExp(`^(?:${labelName})?$`),
);
export const nodeSelector = map("a map of nodes' labels: LABEL: value", labelKey, labelValue);

export const imageAllowed =
  "a container image, [REGISTRY/]NAME[:TAG][@DIGEST], such as node:24-slim or registry.example.org:5000/team/shop:1.4";
const hostPart = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const imageHost = `(?:${hostPart}(?:\\.${hostPart})*|\\[[0-9a-fA-F:]{2,45}\\])(?::[0-9]{1,5})?`;
const pathPart = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
const tagAndDigest = "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,128})?";
/** As container runtimes read it (github.com/distribution/reference). */
export const imagePattern = new RegExp(`^(?:${imageHost}/)?${pathPart}(?:/${pathPart})*${tagAndDigest}$`);
export const image = text(imageAllowed, imagePattern).max(512, { error: imageAllowed });

const filePathAllowed =
  "the path of a file in the suite's folder: letters, digits and - _ . with / between them, at most 500, such as target.ts";
/** A step up is told by the check of all paths (checks.ts). */
const filePath = text(filePathAllowed, /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/).max(500, { error: filePathAllowed });

/** A ConfigMap holds 1 MiB with all its names; the rest is room for them. */
export const mostFiles = 64;
export const mostFileBytes = 900 * 1024;

const kubernetesForms = "{manifest: k8s.yaml, container: NAME} or {image: NAME, command: [...], files: [target.ts]}";
export const kubernetes = z
  .union(
    [
      form(kubernetesForms, {
        manifest: line("the manifest's file in the suite's folder").meta({
          description: "YAML with a Deployment, StatefulSet, DaemonSet or Pod, and its Services and ConfigMaps.",
        }),
        container: dnsLabel("the name of one of the manifest's containers").optional().meta({
          description: "The container that is meant. Default: the first.",
        }),
      }),
      form(kubernetesForms, {
        image: image.optional().meta({ description: "Default: the cluster's Node image." }),
        command: command.optional().meta({
          description: "Default: the part's command at home, or where it has none the image's own.",
        }),
        files: list(`a list of 1 to ${mostFiles} files of the suite's folder: [target.ts]`, filePath, mostFiles)
          .optional()
          .meta({
            description: `Files of the suite's folder that lie in the container's working folder, at most ${mostFileBytes / 1024} KiB together.`,
          }),
      }),
    ],
    { error: kubernetesForms },
  )
  .meta({ description: "The same part in a cluster. Where parts run in namespaces of this machine it is not used." });
