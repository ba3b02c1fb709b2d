import { isPair, type Node, parseDocument, visit } from "yaml";
import { redactedCommand, redactedEnv } from "../core/secrets.ts";
import type { Suite } from "../suite/suite.ts";

/** What of a suite may hold secrets; the same in a profile. */
type Holding = { env: Record<string, string>; command?: string[] | null };

/** The suite as its records have it: nothing in it that looks like a secret. */
export function withoutSecrets(suite: Suite): Suite {
  return {
    ...suite,
    target: bare(suite.target),
    upstreams: mapValues(suite.upstreams, bare),
    load: bare(suite.load),
    profiles: suite.profiles.map((profile) => ({
      ...bare(profile),
      upstreamEnv: mapValues(profile.upstreamEnv, redactedEnv),
    })),
  };
}

function bare<Of extends Holding>(of: Of): Of {
  const { env, command } = of;
  return { ...of, env: redactedEnv(env), ...(command ? { command: redactedCommand(command) } : {}) };
}

function mapValues<In, Out>(record: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Each text of a suite that holds a secret -> the text that its records have in its place. */
export function secretTexts(suite: Suite): Map<string, string> {
  const bareSuite = withoutSecrets(suite);
  const pairs = textsOf(suite).map((text, i) => [text, textsOf(bareSuite)[i] ?? ""] as const);
  return new Map(pairs.filter(([text, own]) => text !== own));
}

function textsOf({ target, upstreams, load, profiles }: Suite): string[] {
  const holding: Holding[] = [target, ...Object.values(upstreams), load, ...profiles];
  const envs = [...holding.map(({ env }) => env), ...profiles.flatMap(({ upstreamEnv }) => Object.values(upstreamEnv))];
  return [...envs.flatMap((env) => Object.values(env)), ...holding.flatMap(({ command }) => command ?? [])];
}

/** Below these a suite, a manifest or a compose file gives values to programs: elsewhere `1` or `mysql` is no secret because a password is that. */
const giving = /(^|\.)env(\.|$)|^(environment|command|args|data|stringData)$/;

/** A suite's YAML with its secrets replaced where they are given to programs, all else of it as it was. */
export function yamlWithoutSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  const places: { from: number; to: number; by: string }[] = [];
  visit(parseDocument(text), {
    Scalar: (key, node, ways) => {
      const isGiven = key !== "key" && ways.some((way) => isPair<Node>(way) && giving.test(String(way.key)));
      const text = String(node.value);
      const by = isGiven ? (secrets.get(text) ?? assigned(text, secrets)) : undefined;
      const [from, to] = node.range ?? [];
      if (by !== undefined && from !== undefined && to !== undefined) places.push({ from, to, by });
    },
  });
  return places.toReversed().reduce((whole, { from, to, by }) => {
    const end = whole.slice(from, to).endsWith("\n") ? "\n" : "";
    return `${whole.slice(0, from)}${JSON.stringify(by)}${end}${whole.slice(to)}`;
  }, text);
}

/** A file of variables (`NAME=value` a line) with its secrets replaced, all else of it as it was. */
export function variablesWithoutSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  return text.replace(/^.*$/gm, (line) => assigned(line, secrets) ?? line);
}

/** `NAME=secret`, as a list of a compose file and a file of variables give it, with or without quotes; undefined where that is none. */
function assigned(text: string, secrets: ReadonlyMap<string, string>): string | undefined {
  const [, name, value = ""] = /^([^=]+=)\s*(.*?)\s*$/.exec(text) ?? [];
  const by = name === undefined ? undefined : secrets.get(value.replace(/^(["'])(.*)\1$/, "$2"));
  return by === undefined ? undefined : `${name}${by}`;
}
