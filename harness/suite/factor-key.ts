import { didYouMean } from "../core/nearest.ts";
import { privateKeyPattern, sysctlKeyProblem } from "../knowledge/keys.ts";
import { shown } from "./problems.ts";
import { type Level, sysctlText } from "./schema-forms.ts";

/** The key that a factor is written with: a place in the long form of a profile. */

const loadFields = ["load.rate", "load.virtualUsers", "load.keepConnections"];

export const factorKeyAllowed =
  "a sysctl, env.NAME, rps, route, image, generator.SYSCTL, upstreams.NAME.SYSCTL, upstreams.NAME.env.VAR, load.rate, load.virtualUsers or load.keepConnections";

const settingOrVariable = `(?:env\\.[A-Za-z_][A-Za-z0-9_]*$|${privateKeyPattern.source.slice(1)})`;

/** The same for editors. */
export const factorKeyPattern = new RegExp(
  `^(?:rps$|route$|image$|load\\.(?:rate|virtualUsers|keepConnections)$|generator\\.${privateKeyPattern.source.slice(1)}|(?:upstreams\\.[^.]+\\.)?${settingOrVariable})`,
);

/** Where in the long form of a profile its levels stand: `upstreams.db.net.core.somaxconn` -> upstreams, db, sysctls, net.core.somaxconn. */
function factorPath(key: string): string[] {
  if (["rps", "route", "image"].includes(key)) return [key];
  if (loadFields.includes(key)) return key.split(".");
  const [, upstream, ofUpstream] = /^upstreams\.([^.]+)\.(.+)$/.exec(key) ?? [];
  if (upstream !== undefined && ofUpstream !== undefined) return ["upstreams", upstream, ...roleKey(ofUpstream)];
  const ofGenerator = /^generator\.(.+)$/.exec(key)?.[1];
  return ofGenerator === undefined ? roleKey(key) : ["generator", "sysctls", ofGenerator];
}

function roleKey(key: string): string[] {
  const variable = /^env\.(.+)$/.exec(key)?.[1];
  return variable === undefined ? ["sysctls", key] : ["env", variable];
}

/** A profile as it is written in the long form. */
interface Form {
  [key: string]: unknown;
}

/** The long form of a profile with a level of a factor put into it. */
export function withLevel(form: Form, key: string, level: Level): Form {
  const path = factorPath(key);
  const isText = ["rps", "route", "image", "rate"].includes(path.at(-1) ?? "");
  return put(form, path, isText && !Array.isArray(level) ? String(level) : level);
}

function put(form: Form, [head = "", ...rest]: string[], value: unknown): Form {
  return { ...form, [head]: rest.length === 0 ? value : put((form[head] ?? {}) as Form, rest, value) };
}

/** A level as results call it. */
export function levelText(key: string, level: Level): string {
  return factorPath(key).at(-2) === "sysctls" ? sysctlText(level) : [level].flat().join(" ");
}

/** Whether its levels are values of a variable of the environment. */
export function isVariable(key: string): boolean {
  return factorPath(key).at(-2) === "env";
}

/** The upstream that it changes; null for any other. */
export function upstreamOfKey(key: string): string | null {
  const [section, name] = factorPath(key);
  return section === "upstreams" ? (name ?? null) : null;
}

/** What is wrong with a factor's key, as a sentence; null where nothing is. */
export function factorKeyProblem(written: string): string | null {
  const [kind, own = ""] = factorPath(written).slice(-2);
  if (kind === "env" && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(own)) {
    return `${JSON.stringify(own)} is no variable's name; use letters, digits and _, not beginning with a digit`;
  }
  if (kind !== "sysctls") return null;
  const [, prefix, rest = ""] = /^(load|target)\.(.+)$/.exec(written) ?? [];
  if (prefix === "load") return noLoadField(rest);
  if (prefix === "target") return `the target's own keys have no "target." before them; did you mean ${shown(rest)}?`;
  const problem = sysctlKeyProblem(own);
  return problem === null ? null : `${problem} (a factor may be ${factorKeyAllowed})`;
}

/** `vus` is what k6 calls them. */
function noLoadField(field: string): string {
  const near = /^(max|preAllocated)?vus$/i.test(field) ? '; did you mean "load.virtualUsers"?' : null;
  return `no factor can vary ${shown(field)} of the load; use ${loadFields.join(", ")}${near ?? didYouMean(`load.${field}`, loadFields)}`;
}
