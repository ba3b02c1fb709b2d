import * as z from "zod";
import { didYouMean } from "../core/nearest.ts";
import {
  durationAllowed,
  durationPattern,
  momentAllowed,
  momentPattern,
  parseDurationMs,
  parseMomentMs,
  parseRatePerSecond,
  parseRatio,
  percentPattern,
  rateAllowed,
  ratePattern,
  ratioAllowed,
} from "../core/units.ts";
import { normalValue, privateKeyPattern, sysctlKeyProblem } from "../knowledge/keys.ts";
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
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => strangerHint(key) ?? unknownKey(key, known)).join("\n")
        : allowed,
  });
}

/**
 * One of several forms that a union takes: left to itself the union settles for a form whose only faults are unknown keys, and
 * issues.ts chooses the closest one.
 */
export const rivalForm: typeof form = (...of) =>
  form(...of).check(({ issues }) => {
    issues.forEach((issue, i) => {
      if (issue.code === "unrecognized_keys") issues[i] = { ...issue, continue: false };
    });
  });

/** The sentence about a key that a map does not have. */
export function unknownKey(key: string, known: string[]): string {
  return `unknown key ${shown(key)}; known here: ${known.join(", ")}${didYouMean(key, known)}`;
}

/** Text of a form of its own. */
export function text(allowed: string, pattern: RegExp) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

/** One of a few words, with the nearest of them where another is written. */
/** `hintOf`: what is said of another word, after `; `. */
export function choice<const Word extends string>(
  words: readonly Word[],
  hintOf = (word: string) => didYouMean(word, words),
) {
  return z.enum(words, {
    error: ({ input }) => `one of ${words.join(", ")}${typeof input === "string" ? hintOf(input) : ""}`,
  });
}

/** Non-empty text of one line: no control characters, which no command, path or match has. */
export function line(allowed: string, taken = withoutControls) {
  return ofOneLine(allowed, taken).min(1, { error: allowed });
}

const withoutControls = /^\P{Cc}*$/u;

function ofOneLine(allowed: string, taken = withoutControls) {
  return z.string({ error: allowed }).max(4096, { error: allowed }).regex(taken, { error: allowed });
}

/** The path of a file in the suite's folder: nothing else is copied beside the results, and nothing else is read. */
export function inFolder(path: z.ZodString): z.ZodString {
  return path
    .refine((written) => staysInFolder.test(written), {
      error: ({ input }) => `${shown(input)} leaves the suite's folder; use a file inside it`,
    })
    .meta({ allOf: [{ pattern: staysInFolder.source }] });
}

/** Not absolute, and without a step up, by either kind of slash. */
const staysInFolder = /^(?![/\\]|[A-Za-z]:)(?!(?:.*[/\\])?\.\.(?:[/\\]|$))/;

/** A name of which `problem` says in a whole sentence what is wrong with it; null where nothing is. */
export function name(problem: (written: string) => string | null) {
  return z.string().superRefine((written, { addIssue }) => {
    const sentence = problem(written);
    if (sentence !== null) addIssue(sentence);
  });
}

/** What may be left out, and what it is then where no value that could be written says so. */
export function orElse<Form extends z.ZodType, Value extends z.output<Form> | null>(form: Form, value: Value) {
  return form.optional().transform((written) => written ?? value);
}

/** Says in a whole sentence what is wrong at a path below; at its key, where that is what must change. */
export function refuse(
  context: Pick<z.RefinementCtx, "addIssue">,
  path: PropertyKey[],
  sentence: string,
  part: "key" | "value" = "value",
): void {
  context.addIssue({ code: "custom", path, message: sentence, params: { part } });
}

/** As a check's options: the sentence stands at the key. */
export function atKey(sentence: string) {
  return { error: sentence, params: { part: "key" } };
}

/** The sentence for a value that has the right form and can't be used all the same. */
export function refusal(value: unknown, allowed: string): string {
  return `${shown(value)} can't be used; use ${allowed}`;
}

export function wholeNumber(allowed: string, lowest: number, highest: number) {
  return z.int({ error: allowed }).check(z.gte(lowest, { error: allowed }), z.lte(highest, { error: allowed }));
}

export function map<Value extends z.ZodType>(allowed: string, key: z.ZodString, value: Value) {
  return z.record(key, value, { error: allowed });
}

export function list<Item extends z.ZodType>(allowed: string, item: Item, most = 1000) {
  return z
    .array(item, { error: allowed })
    .check(z.minLength(1, { error: allowed }), z.maxLength(most, { error: allowed }));
}

/** "3000/s" -> 3000. */
export const rate = quantity(rateAllowed, ratePattern, parseRatePerSecond);
/** "500ms" -> 500. */
export const duration = quantity(durationAllowed, durationPattern, parseDurationMs);
/** The same, and "0s", the start. */
export const moment = quantity(momentAllowed, momentPattern, parseMomentMs);

/** Text of a form of its own that stands for something else. */
export function quantity<Value>(allowed: string, pattern: RegExp, parse: (written: string) => Value | null) {
  return text(allowed, pattern).transform(understood(parse, allowed));
}

/** "5%" or 0.05 -> 0.05. */
export const ratio = share(ratioAllowed, parseRatio);

export function share(allowed: string, parse: (written: string | number) => number | null) {
  return z
    .union(
      [text(allowed, percentPattern), z.number({ error: allowed }).gt(0, { error: allowed }).lt(1, { error: allowed })],
      {
        error: allowed,
      },
    )
    .transform(understood(parse, allowed));
}

function understood<Written, Value>(parse: (written: Written) => Value | null, allowed: string) {
  return (written: Written, context: z.RefinementCtx): Value => {
    const value = parse(written);
    if (value === null) refuse(context, [], refusal(written, allowed));
    return value ?? z.NEVER;
  };
}

const envValueAllowed =
  "text (other than whole numbers and true or false, in quotes where YAML would take it for a number)";
/** An environment variable's value as written. Fractions must be quoted, since YAML turns 1.10 into 1.1. */
const envWritten = z.union(
  [
    z.string().check(
      z.maxLength(32_768, { error: envValueAllowed }),
      z.refine<string>((value) => !value.includes("\0"), { error: ({ input }) => refusal(input, envValueAllowed) }),
    ),
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
    line(sysctlValueAllowed, /^[\P{Cc}\t]*$/u).regex(/\S/, { error: sysctlValueAllowed }),
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

export const sysctls = z
  .record(name(sysctlKeyProblem), sysctlValue, { error: "a map of sysctls: net.ipv4.tcp_tw_reuse: 1" })
  .meta({ propertyNames: { pattern: privateKeyPattern.source } });

const cpusAllowed = 'CPU numbers as taskset takes them: "0", "0-1" or "0,2-3"';
export const cpus = z
  .union([text(cpusAllowed, /^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/), wholeNumber(cpusAllowed, 0, 4095)], {
    error: cpusAllowed,
  })
  .transform(String);

export const rpsPattern = /^[0-9a-fA-F]{1,8}(,[0-9a-fA-F]{8}){0,127}$/;
export const rps = text('a mask of CPUs in hex, in quotes: "1" is CPU 0, "3" is CPUs 0 and 1', rpsPattern);

const wordAllowed = "the program and its arguments, each as text: [node, target.ts]";
/** Any argument may be empty, the program's name may not. */
export const command = list(
  wordAllowed,
  z.union([ofOneLine(wordAllowed), z.int()], { error: wordAllowed }).transform(String),
)
  .meta({ allOf: [{ items: [{ minLength: 1 }] }] })
  .superRefine(([program], context) => {
    if (program === "") refuse(context, [0], refusal("", "the program's name"));
  });
