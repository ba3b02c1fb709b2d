import { InputError } from "../../core/errors.ts";
import { isAllowlisted } from "../../knowledge/kubernetes.ts";
import { addToAllowlist } from "../allowlist.ts";
import { yamlOf } from "../new-document.ts";
import { fileWith, objectsOf, onlyOne, strip } from "../objects.ts";
import type { DeliveryFile, FromFile } from "../platform.ts";
import { type Selection, unsafeKeys } from "../selection.ts";
import { YamlFile } from "../yaml/file.ts";
import type { YamlPath } from "../yaml/model.ts";

/** The file that lets pods ask for the keys. */
export const constraintsName = "3-securitycontextconstraints.yaml";

/** The user's constraint or restricted-v2's rules, for nobody yet, and the keys. */
export function constraints(selection: Selection, from: FromFile | null): DeliveryFile {
  const copy = from === null ? null : copyOf(from, "SecurityContextConstraints", selection);
  if (copy !== null) {
    const { file, at } = copy;
    checkNotForbidden(file, at, unsafeKeys(selection));
    for (const field of ["users", "groups"]) file.set([...at, field], []);
    addToAllowlist(file, [...at, "allowedUnsafeSysctls"], unsafeKeys(selection));
    return { name: constraintsName, text: file.text };
  }
  const rules = {
    apiVersion: "security.openshift.io/v1",
    kind: "SecurityContextConstraints",
    metadata: { name: selection.name },
    priority: 0,
    allowHostDirVolumePlugin: false,
    allowHostIPC: false,
    allowHostNetwork: false,
    allowHostPID: false,
    allowHostPorts: false,
    allowPrivilegeEscalation: false,
    allowPrivilegedContainer: false,
    readOnlyRootFilesystem: false,
    allowedCapabilities: ["NET_BIND_SERVICE"],
    defaultAddCapabilities: [],
    requiredDropCapabilities: ["ALL"],
    runAsUser: { type: "MustRunAsRange" },
    seLinuxContext: { type: "MustRunAs" },
    fsGroup: { type: "MustRunAs" },
    supplementalGroups: { type: "RunAsAny" },
    seccompProfiles: ["runtime/default"],
    volumes: [
      "configMap",
      "csi",
      "downwardAPI",
      "emptyDir",
      "ephemeral",
      "persistentVolumeClaim",
      "projected",
      "secret",
    ],
    allowedUnsafeSysctls: unsafeKeys(selection),
    users: [],
    groups: [],
  };
  return { name: constraintsName, text: yamlOf(rules) };
}

/** The only object of a kind, alone and under a name of its own; null without one. */
export function copyOf(from: FromFile, wanted: string, { name }: Selection): { file: YamlFile; at: YamlPath } | null {
  const whole = new YamlFile(from.name, from.text);
  const asked = wanted === "KubeletConfig" ? from.group : undefined;
  const all = objectsOf(whole).filter(({ kind }) => kind === wanted);
  const object = onlyOne(all, from, {
    option: wanted === "KubeletConfig" ? "--group" : null,
    name: asked,
  });
  if (object === null) return null;
  const file = fileWith(from, ({ at }) => at.join() === object.at.join());
  const at = objectsOf(file)[0]?.at ?? [0];
  strip(file, at);
  file.set([...at, "metadata", "name"], name);
  return { file, at };
}

/** Throws InputError where a constraint forbids what is to be allowed: that would win. */
function checkNotForbidden(file: YamlFile, at: YamlPath, keys: string[]): void {
  const forbidden = file.listAt([...at, "forbiddenSysctls"]).map(String);
  const found = keys.find((key) => isAllowlisted(key, forbidden));
  if (found !== undefined) {
    throw new InputError(
      `${file.name}: its SecurityContextConstraints forbids ${found} (forbiddenSysctls), which would win`,
    );
  }
}
