import * as z from "zod/mini";

/** What the relay is asked: bodies are JSON of these shapes. */

/** A suite's load has at most 1000 runners (schema-load.ts). */
const mostRunners = 1000;
/** As names.ts' sequenceText() has it. */
const trial = z.string().check(z.regex(/^\d{3,9}$/));
const runner = z.int().check(z.gte(0), z.lt(mostRunners));
/** Names of pods and nodes are DNS subdomains (RFC 1123). */
const objectName = z.string().check(z.regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/));

/** Whose runner asks; `runner` is 0-based. */
export const runnerShape = z.strictObject({ trial, runner });
export type RunnerName = z.infer<typeof runnerShape>;

/** POST /register: one of `count` runners is there, in `pod`. */
export const registrationShape = z.strictObject({
  trial,
  runner,
  count: z.int().check(z.gte(1), z.lte(mostRunners)),
  pod: objectName,
  node: z.nullable(objectName),
});
export type Registration = z.infer<typeof registrationShape>;

/** POST /told: the runner's generator was told to end; `confirmed` where it said so itself. */
export const toldShape = z.strictObject({ trial, runner, confirmed: z.boolean() });
export type ToldToEnd = z.infer<typeof toldShape>;
