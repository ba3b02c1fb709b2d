import { InputError } from "../../core/errors.ts";
import { allowlistFlag, flagUnion } from "../allowlist.ts";
import type { FromFile } from "../platform.ts";

const assignment = /^[ \t]*(?:export[ \t]+)?KUBELET_(?:EXTRA|KUBEADM)_ARGS=/m;

/** Whether a text is a kubelet's args file (/etc/default/kubelet, /etc/sysconfig/kubelet, kubeadm-flags.env). */
export function isArgumentsFile(text: string): boolean {
  return assignment.test(text);
}

/** The args file with keys added to its flag, or with the flag; and all that is allowed then. Throws InputError where that is not clear. */
export function addToArguments(from: FromFile, keys: string[]): { text: string; allowed: string[] } {
  const lines = from.text.split(/(?<=\n)/);
  const isArguments = (line: string) => assignment.test(line);
  const given = new RegExp(`(--${allowlistFlag})([= ]+)([^\\s"']*)`, "g");
  const at = lines.findLastIndex((line) => isArguments(line) && new RegExp(given).test(line));
  if (at >= 0) {
    const line = lines[at] ?? "";
    const last = [...line.matchAll(given)].at(-1);
    if (last === undefined || last[3] === "") throw unclear(from, at, line);
    const all = lines
      .flatMap((one) => (isArguments(one) ? [...one.matchAll(given)] : []))
      .map((match) => match[3] ?? "");
    const union = flagUnion(
      last[3] ?? "",
      keys.filter((key) => flagUnion(all.join(","), [key]) !== all.join(",")),
    );
    const start = last.index + (last[1] ?? "").length + (last[2] ?? "").length;
    lines[at] = line.slice(0, start) + union + line.slice(start + (last[3] ?? "").length);
    return { text: lines.join(""), allowed: [...new Set([...all.slice(0, -1), union].join(",").split(","))] };
  }
  const put = lines.findLastIndex((line) => isArguments(line) && line.includes("_EXTRA_ARGS="));
  if (put < 0) {
    const eol = /\r\n/.test(from.text) ? "\r\n" : "\n";
    const end = from.text.endsWith("\n") ? "" : eol;
    return {
      text: `${from.text}${end}KUBELET_EXTRA_ARGS=--${allowlistFlag}=${keys.join(",")}${eol}`,
      allowed: keys,
    };
  }
  lines[put] = withFlag(lines[put] ?? "", `--${allowlistFlag}=${keys.join(",")}`, () =>
    unclear(from, put, lines[put] ?? ""),
  );
  return { text: lines.join(""), allowed: keys };
}

/** Behind the other arguments, within their quotes. */
function withFlag(line: string, flag: string, unclear: () => InputError): string {
  const match = /^([^=]*=)(["']?)(.*?)(["']?)([ \t]*\r?\n?)$/s.exec(line);
  if (match === null || match[2] !== match[4]) throw unclear();
  const [, head, open, value, close, end] = match;
  return `${head}${open}${value}${value === "" ? "" : " "}${flag}${close}${end}`;
}

function unclear({ name }: FromFile, index: number, line: string): InputError {
  return new InputError(`${name}:${index + 1}: where the arguments end is not clear: ${JSON.stringify(line.trim())}`, {
    hint: `write --${allowlistFlag}=KEY,KEY`,
  });
}
