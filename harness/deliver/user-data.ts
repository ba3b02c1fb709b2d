import { InputError } from "../core/errors.ts";
import { addToAllowlist, allowlistFlag } from "./allowlist.ts";
import { type Mime, type MimePart, mimeOf, parseMime, withBody, withPart } from "./mime.ts";
import { yamlOf } from "./new-document.ts";
import { nodesSettings, type Selection, unsafeKeys } from "./selection.ts";
import { sysctlFile, sysctlFileName } from "./sysctl-file.ts";
import { YamlFile } from "./yaml/file.ts";

/** Media type of the part that AL2023's nodeadm reads. */
const nodeConfigType = "application/node.eks.aws";
const scriptType = 'text/x-shellscript; charset="us-ascii"';
/** Where the list is within a NodeConfig. */
export const nodeConfigList = ["spec", "kubelet", "config", "allowedUnsafeSysctls"];

/**
 * The user data of an AL2023 node: a NodeConfig with the allowlist, and a script for the node's own settings, laid over what is
 * there. Of a MIME message all other parts stay byte for byte. Throws InputError where what is there can't be merged with.
 */
export function mergeUserData(existing: string | null, selection: Selection, fileName: string): string {
  const keys = unsafeKeys(selection);
  const script = scriptOf(selection);
  const mime = mimeFrom(existing, fileName);
  if (keys.length > 0) checkScripts(mime, fileName);
  const allowed = keys.length === 0 ? mime : withNodeConfig(mime, keys, fileName);
  const merged = script === null ? (allowed?.text ?? "") : withScript(allowed, script);
  // A YAML text without a line end at its end (|-) can't be given one.
  const isCut = existing !== null && existing.trim() !== "" && !existing.endsWith("\n");
  return isCut ? merged.replace(/\r?\n$/, "") : merged;
}

/** What there is, as MIME; null where there is nothing. Karpenter also takes a bare NodeConfig or a bare script. */
function mimeFrom(existing: string | null, fileName: string): Mime | null {
  if (existing === null || existing.trim() === "") return null;
  const mime = parseMime(existing);
  if (mime !== null) return mime;
  if (existing.startsWith("#!")) return parseMime(mimeOf([{ contentType: scriptType, body: existing }]));
  if (/^apiVersion:\s*["']?node\.eks\.aws\//m.test(existing)) {
    return parseMime(mimeOf([{ contentType: nodeConfigType, body: existing }]));
  }
  throw new InputError(`${fileName}: its user data is neither MIME nor a script nor a NodeConfig`, {
    hint: "only AL2023's user data can be merged with; if it is base64 or gzip, unpack it first",
  });
}

/** A script that starts the kubelet by itself, or gives it the flag, wins over a NodeConfig: nothing else is known of scripts. */
function checkScripts(mime: Mime | null, fileName: string): void {
  const scripts = (mime?.parts ?? []).filter(({ contentType }) => contentType !== nodeConfigType);
  const has = (text: string) => scripts.some(({ body }) => uncommented(body).includes(text));
  if (has(allowlistFlag)) {
    throw new InputError(`${fileName}: a script of its user data gives --${allowlistFlag}, which would win`, {
      hint: "move its keys to a NodeConfig's spec.kubelet.config.allowedUnsafeSysctls first",
    });
  }
  if (has("/etc/eks/bootstrap.sh")) {
    throw new InputError(`${fileName}: its user data is AL2's (/etc/eks/bootstrap.sh), which reads no NodeConfig`, {
      hint: `AL2 takes it as bootstrap.sh's --kubelet-extra-args '--${allowlistFlag}=KEY,KEY'; only AL2023's user data can be merged with`,
    });
  }
}

/** Amazon Linux 2 and AL2023 differ in nothing that a user data without bootstrap.sh shows: a sentence. */
export const al2Words =
  "Amazon Linux 2 ignores a NodeConfig without a word, and its nodes come up without the list: the AMI must be AL2023's (`kubectl get nodes --output wide` says Amazon Linux 2023).";

function uncommented(script: string): string {
  return script.replace(/^[ \t]*#.*$/gm, "");
}

function withNodeConfig(mime: Mime | null, keys: string[], fileName: string): Mime {
  const config = { apiVersion: "node.eks.aws/v1alpha1", kind: "NodeConfig" };
  const fresh = yamlOf({ ...config, spec: { kubelet: { config: { allowedUnsafeSysctls: keys } } } });
  if (mime === null) return again(mimeOf([{ contentType: nodeConfigType, body: fresh }]));
  const parts = mime.parts.filter(({ contentType }) => contentType === nodeConfigType);
  const configs = parts.map((part) => ({ part, file: readNodeConfig(part, fileName) }));
  // nodeadm lays the parts over one another, lists as a whole: the last one that has the list counts, else the last one.
  const chosen = configs.findLast(({ file }) => file.has([0, ...nodeConfigList])) ?? configs.at(-1);
  if (chosen === undefined) return again(withPart(mime, nodeConfigType, fresh));
  addToAllowlist(chosen.file, [0, ...nodeConfigList], keys);
  return again(withBody(mime, chosen.part, chosen.file.text));
}

function readNodeConfig(part: MimePart, fileName: string): YamlFile {
  if (!["7bit", "8bit", "binary"].includes(part.encoding)) {
    throw new InputError(`${fileName}: its NodeConfig is ${part.encoding} encoded`, { hint: "write it as plain text" });
  }
  const file = new YamlFile(`${fileName}'s NodeConfig`, part.body);
  if (file.count !== 1 || file.value([0, "kind"]) !== "NodeConfig") {
    throw new InputError(`${fileName}: the part ${nodeConfigType} of its user data is no NodeConfig`);
  }
  const flags = [0, "spec", "kubelet", "flags"];
  if (JSON.stringify(file.value(flags))?.includes(allowlistFlag)) {
    throw new InputError(`${fileName}: its NodeConfig has the flag --${allowlistFlag}, which would win`, {
      hint: "move its keys to spec.kubelet.config.allowedUnsafeSysctls first",
    });
  }
  return file;
}

/** A script of ours, known by the file that it writes, is replaced. */
function withScript(mime: Mime | null, script: string): string {
  if (mime === null) return mimeOf([{ contentType: scriptType, body: script }]);
  const ours = mime.parts.find(({ body }) => body.includes(`cat > /etc/sysctl.d/${sysctlFileName} `));
  return ours === undefined ? withPart(mime, scriptType, script) : withBody(mime, ours, script);
}

function scriptOf(selection: Selection): string | null {
  const settings = nodesSettings(selection);
  if (settings.length === 0) return null;
  const write = `cat > /etc/sysctl.d/${sysctlFileName} <<'SETTINGS'\n${sysctlFile(settings)}SETTINGS`;
  return `#!/bin/bash\n${write}\nsysctl --system\n`;
}

function again(text: string): Mime {
  const mime = parseMime(text);
  if (mime === null) throw new Error("a message that was just written is no MIME");
  return mime;
}
