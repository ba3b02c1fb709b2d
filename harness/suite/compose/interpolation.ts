import type { Path } from "../document.ts";

/**
 * `${NAME}` and `$$` of a compose file (https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md) in a suite's words. A run is
 * made of what its files say: a default is taken as it is, and a variable without one only where a program gets it, as `${env.NAME}`.
 */

/** Where values are handed to a program, and may hold a suite's references. */
const handedOn = ["environment", "command"];

/** A value with its texts in a suite's words; says at which path a variable can't be known. */
export function interpolated(value: unknown, path: Path, refuse: (path: Path, text: string) => void): unknown {
  if (typeof value === "string") return ofText(value, path, (text) => refuse(path, text));
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, i) => interpolated(item, [...path, i], refuse));
  const entries = Object.entries(value).map(([key, inner]) => [key, interpolated(inner, [...path, key], refuse)]);
  return Object.fromEntries(entries);
}

/** `$${` before `$$`: in both languages it is a literal `${`. */
const variable = /\$\$\{|\$\$|\$\{([^}]*)\}|\$([A-Za-z_]\w*)/g;

function ofText(text: string, path: Path, refuse: (text: string) => void): string {
  const mayRefer = path.some((segment) => handedOn.includes(String(segment)));
  return text.replace(variable, (whole, braced: string | undefined, bare: string | undefined) => {
    if (whole === "$$") return "$";
    if (whole === "$${") return mayRefer ? whole : "${";
    const [, name, form, rest = ""] = /^([A-Za-z_]\w*)(?:(:?[-?+])(.*))?$/s.exec(braced ?? bare ?? "") ?? [];
    const isNested = /[$]/.test(rest);
    if (name === undefined || form?.endsWith("+") === true || isNested) {
      refuse(`${whole} is not read: use \${NAME}, \${NAME:-default} or $$ for a dollar sign`);
    } else if (form?.endsWith("-") === true) return rest;
    else if (mayRefer) return `\${env.${name}}`;
    else
      refuse(`${whole} has no value here: a run is made of what its files say; write it out, or \${${name}:-default}`);
    return "";
  });
}
