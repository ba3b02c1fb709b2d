import { command } from "./code-spans.ts";
import { inNamespace, isName } from "./kubectl-words.ts";
import { type FileObject, titleOf } from "./objects.ts";
import type { YamlFile } from "./yaml/file.ts";

/** Where a workload's pods do not take over one after the other by themselves once it is applied: sentences, with their commands. */
export function rolloutWords(file: YamlFile, object: FileObject): string[] {
  const { at, kind } = object;
  const text = (...path: string[]) => String(file.meant([...at, "spec", ...path]) ?? "");
  return [
    ...(text("updateStrategy", "type") === "OnDelete" ? [onDelete(file, object)] : []),
    ...(kind === "Deployment" && /^(true|yes|on|y)$/i.test(text("paused")) ? [paused(file, object)] : []),
    ...(text("strategy", "type") === "Recreate"
      ? [
          `${titleOf(object)} has the strategy Recreate: all its pods end before a new one starts, and nothing serves in between.`,
        ]
      : []),
  ];
}

function onDelete(file: YamlFile, object: FileObject): string {
  return `${titleOf(object)} has the update strategy OnDelete: a pod takes the settings, and the undo, only when it is deleted. One at a time; the next when its successor is ready.\n${command(`kubectl delete pod YOUR_POD${namespaceOf(file, object)}`)}`;
}

function paused(file: YamlFile, object: FileObject): string {
  const name = object.name !== null && isName(object.name) ? object.name : "YOUR_DEPLOYMENT";
  return `${titleOf(object)} is paused: no pod takes the settings, and an undo is refused, until it goes on. Resume it first, with what has waited since, and take \`paused\` out of the workload's file, which would pause it again.\n${command(`kubectl rollout resume deployment ${name}${namespaceOf(file, object)}`)}`;
}

function namespaceOf(file: YamlFile, { at }: FileObject): string {
  return inNamespace(file.textAt([...at, "metadata", "namespace"])) ?? "";
}
