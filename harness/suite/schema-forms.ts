import * as z from "zod";
import { didYouMean } from "../core/nearest.ts";
import {
  durationAllowed,
  durationPattern,
  momentAllowed,
  parseDurationMs,
  parseMomentMs,
  parseRatePerSecond,
  parseRatio,
  percentPattern,
  rateAllowed,
  ratePattern,
  ratioAllowed,
} from "../core/units.ts";
import { normalValue, sysctlKeyPattern, sysctlKeyProblem } from "../knowledge/keys.ts";
import { shown } from "./problems.ts";

// One suite is read in a process: code that zod would generate for its forms costs more than it saves.
z.config({ jitless: true });

/**
 * Building blocks of the suite's schema. Each says in its error what is allowed ("use ..."), so that one message form serves
 * all (issues.ts); descriptions go to the JSON Schema.
 */

/** A map with fixed keys. `strangerHint` may explain an unknown key better than the list of the known ones. */
export function form<Shape extends z.core.$ZodLooseShape>(
  allowed: string,
  shape: Shape,
  strangerHint: (key: string) => string | null = () => null,
) {
  const known = Object.keys(shape);
  const map = z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => strangerHint(key) ?? unknownKey(key, known)).join("\n")
        : allowed,
  }); // Left to itself, a union settles for a form whose only faults are unknown keys; issues.ts chooses the closest one.
  return map.check(({ issues }) => {
    issues.forEach((issue, i) => {
      if (issue.code === "unrecognized_keys") issues[i] = { ...issue, continue: false };
    });
  });
}

/** The sentence about a key that a map does not have. */
export function unknownKey(key: string, known: string[]): string {
  return `unknown key ${shown(key)}; known here: ${known.join(", ")}${didYouMean(key, known)}`;
}

/** Text of a form of its own. */
export function text(allowed: string, pattern: RegExp) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

/** One of a few words, with the nearest of them where another is written. */
export function choice<const Word extends string>(words: readonly Word[]) {
  return z.enum(words, {
    error: ({ input }) => oneOf(words, input),
  });
}

/** What is allowed where a word of a few is asked for. */
export function oneOf(words: readonly string[], written: unknown): string {
  return `one of ${words.join(", ")}${typeof written === "string" ? didYouMean(written, words) : ""}`;
}

/** Non-empty text of one line: no control characters, which no command, path or match has. */
export function line(allowed: string, refused = /\p{Cc}/u) {
  return z
    .string({ error: allowed })
    .min(1, { error: allowed })
    .max(4096, { error: allowed })
    .check((context) => {
      if (!refused.test(context.value)) return;
      context.issues.push({ code: "custom", message: refusal(context.value, allowed), input: context.value });
    });
}

/** The sentence for a value that has the right form and can't be used all the same. */
export function refusal(value: unknown, allowed: string): string {
  return `${shown(value)} can't be used; use ${allowed}`;
}

export function wholeNumber(allowed: string, lowest: number, highest: number) {
  return z.int({ error: allowed }).min(lowest, { error: allowed }).max(highest, { error: allowed });
}

export function map<Value extends z.ZodType>(allowed: string, key: z.ZodString, value: Value) {
  return z.record(key, value, { error: allowed });
}

export function list<Item extends z.ZodType>(allowed: string, item: Item, most = 1000) {
  return z.array(item, { error: allowed }).min(1, { error: allowed }).max(most, { error: allowed });
}

/** "3000/s" -> 3000. */
export const rate = quantity(rateAllowed, ratePattern, parseRatePerSecond);
/** "500ms" -> 500. */
export const duration = quantity(durationAllowed, durationPattern, parseDurationMs);
/** The same, and "0s", the start. */
export const moment = quantity(momentAllowed, durationPattern, parseMomentMs);

/** Text of a form of its own that stands for something else. */
export function quantity<Value>(allowed: string, pattern: RegExp, parse: (text: string) => Value | null) {
  return text(allowed, pattern).transform((written, context) => orSentence(parse(written), written, allowed, context));
}

/** "5%" or 0.05 -> 0.05. */
export const ratio = share(ratioAllowed, parseRatio);

export function share(allowed: string, parse: (written: string | number) => number | null) {
  return z
    .union([z.string().regex(percentPattern, { error: allowed }), z.number()], { error: allowed })
    .transform((written, context) => orSentence(parse(written), written, allowed, context));
}

function orSentence<Value>(value: Value | null, written: unknown, allowed: string, context: z.RefinementCtx): Value {
  if (value !== null) return value;
  context.addIssue({ code: "custom", message: refusal(written, allowed) });
  return z.NEVER;
}

const envValueAllowed =
  "text (other than whole numbers and true or false, in quotes where YAML would take it for a number)";
/** An environment variable's value as written. Fractions must be quoted, since YAML turns 1.10 into 1.1. */
const envWritten = z.union(
  [
    z
      .string()
      .max(32_768, { error: envValueAllowed })
      .check((context) => {
        if (!context.value.includes("\0")) return;
        context.issues.push({ code: "custom", message: refusal(context.value, envValueAllowed), input: context.value });
      }),
    z.int({ error: envValueAllowed }),
    z.boolean(),
  ],
  { error: envValueAllowed },
);
export const env = map(
  "a map of environment variables: NAME: value",
  text("a variable's name: letters, digits and _, not beginning with a digit", /^[A-Za-z_][A-Za-z0-9_]{0,199}$/),
  envWritten.transform(String),
);

const sysctlValueAllowed =
  'the value as text, a whole number or a list of them ("1", 1, "1024 65535", [4096, 131072, 6291456])';
const sysctlWord = z.union(
  [
    line(sysctlValueAllowed, /[^\P{Cc}\t]/u).regex(/\S/, { error: sysctlValueAllowed }),
    z.int({ error: sysctlValueAllowed }),
  ],
  { error: sysctlValueAllowed },
);
const sysctlWords = list(sysctlValueAllowed, sysctlWord, 64);
const sysctlValue = z.union([sysctlWord, sysctlWords], { error: sysctlValueAllowed }).transform(sysctlText);

/** A level of a factor: any of the values that its key may have. */
export const level = z.union([envWritten, sysctlWords], { error: "a value" });
export type Level = z.output<typeof level>;

/** A setting's value as the kernel shows it: words with single blanks between them. */
export function sysctlText(value: Level): string {
  return normalValue([value].flat().join(" "));
}

const sysctlKey = z.string().check((context) => {
  const message = sysctlKeyProblem(context.value);
  if (message !== null) context.issues.push({ code: "custom", message, input: context.value });
});
export const sysctls = z
  .record(sysctlKey, sysctlValue, { error: "a map of sysctls: net.ipv4.tcp_tw_reuse: 1" })
  .meta({ propertyNames: { pattern: sysctlKeyPattern.source } });

const cpusAllowed = 'CPU numbers as taskset takes them: "0", "0-1" or "0,2-3"';
export const cpus = z
  .union([text(cpusAllowed, /^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/), wholeNumber(cpusAllowed, 0, 4095)], {
    error: cpusAllowed,
  })
  .transform(String);

export const rpsPattern = /^[0-9a-fA-F]{1,8}(,[0-9a-fA-F]{8}){0,127}$/;
export const rpsAllowed = 'a mask of CPUs in hex, in quotes: "1" is CPU 0, "3" is CPUs 0 and 1';
export const rps = text(rpsAllowed, rpsPattern);

const wordAllowed = "the program and its arguments, each as text: [node, target.ts]";
export const command = list(
  wordAllowed,
  z.union([line(wordAllowed), z.int()], { error: wordAllowed }).transform(String),
);
