import * as z from "zod";
import { didYouMean } from "../core/nearest.ts";
import { shown } from "./problems.ts";
import { choice, command, form, inFolder, line, list, map, orElse, refuse, rivalForm, text } from "./schema-forms.ts";

/** Schema of what is said of clusters, and of the names in them, by Kubernetes' own grammar. */

/**
 * How a profile's sysctls reach a pod. pod-sysctls: the pod's securityContext (safe keys, or what the kubelet allows).
 * privileged-init: a privileged init container writes them. tuning-cni: a network attachment sets them inside the pod's namespace. node:
 * they are written on the node itself, as a userData's `sysctl -w` does.
 */
export const deliveryRoutes = ["pod-sysctls", "privileged-init", "tuning-cni", "node"] as const;

/**
 * Ways that people try, and that bring no value into a pod of its own network: `doctor --routes` shows what a platform says to them.
 * capabilities-init: an init container with NET_ADMIN and SYS_ADMIN only, to which /proc/sys is read-only. host-network: the pod shares the
 * node's network. none: nothing delivers them.
 */
export const futileRoutes = ["capabilities-init", "host-network", "none"] as const;

export const route = choice(deliveryRoutes, (word) =>
  futileRoutes.some((futile) => futile === word)
    ? `; ${word} brings no setting into a pod, and only \`tunebench doctor --cluster NAME --routes\` tries it`
    : didYouMean(word, deliveryRoutes),
);

/** Kinds that hold a pod. */
export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Pod"] as const;

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

const imageAllowed =
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
const filePath = inFolder(
  text(filePathAllowed, /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/).max(500, { error: filePathAllowed }),
);

/** A ConfigMap holds 1 MiB with all its names; the rest is room for them. */
const mostFiles = 64;
export const mostFileBytes = 900 * 1024;

const formsAllowed = "{manifest: k8s.yaml, container: NAME} or {image: NAME, command: [...], files: [target.ts]}";

const noManifest: { manifest: string | null; workload: string | null; container: string | null } = {
  manifest: null,
  workload: null,
  container: null,
};

const ownContainer = rivalForm(formsAllowed, {
  image: orElse(image, null).describe("Default: the cluster's Node image."),
  command: orElse(command, null).describe("Default: the part's command at home, or where it has none the image's own."),
  files: orElse(
    list(`a list of 1 to ${mostFiles} files of the suite's folder: [target.ts]`, filePath, mostFiles).superRefine(
      (files, context) => {
        for (const [i, file] of files.entries()) {
          if (files.indexOf(file) !== i) refuse(context, [i], `duplicate file ${shown(file)}; name it once`);
        }
      },
    ),
    [],
  ).describe(
    `Files of the suite's folder that lie in the container's working folder, at most ${mostFileBytes / 1024} KiB together.`,
  ),
}).transform((form) => ({ ...noManifest, ...form }));

const manifestFile = inFolder(line("the manifest's file in the suite's folder"));
const workloadAllowed = "one of the file's workloads as KIND/NAME: Deployment/web";
const manifestAllowed = `a file in the suite's folder, or {file: k8s.yaml, workload: Deployment/web}`;

const userManifest = rivalForm(formsAllowed, {
  manifest: z
    .union(
      [
        manifestFile.transform((file): { file: string; workload: string | null } => ({ file, workload: null })),
        form(manifestAllowed, {
          file: manifestFile,
          workload: text(workloadAllowed, new RegExp(`^(?:${workloadKinds.join("|")})/${subdomain}$`)).describe(
            "Which of the file's workloads it is: Deployment/web.",
          ),
        }),
      ],
      { error: manifestAllowed },
    )
    .describe(
      "YAML with a Deployment, StatefulSet, DaemonSet or Pod, and its Services and ConfigMaps, as `helm template` and `kustomize build` write it. Of several workloads the one that is meant: {file, workload: Deployment/web}.",
    ),
  container: orElse(dnsLabel("the name of one of the manifest's containers"), null).describe(
    "The container that is meant. Default: the first.",
  ),
}).transform(({ manifest, container }): z.output<typeof ownContainer> => {
  return { manifest: manifest.file, workload: manifest.workload, container, image: null, command: null, files: [] };
});

/** The user's manifest, or a container that is made from the rest. */
export const kubernetes = z
  .union([userManifest, ownContainer], { error: formsAllowed })
  .describe("The same part in a cluster. Where parts run in namespaces of this machine it is not used.");
