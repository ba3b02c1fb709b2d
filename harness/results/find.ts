import * as z from "zod";
import { goalShape, searchObjectiveShape } from "./goals.ts";
import { byRole } from "./samples.ts";

const texts = z.record(z.string(), z.string());

const changeShape = z.discriminatedUnion("kind", [
  /** `role`: target or an upstream. */
  z.object({ kind: z.literal("setting"), role: z.string(), key: z.string(), value: z.string() }),
  /** `name`: of a lever of the suite, a place in the program's environment or command. */
  z.object({ kind: z.literal("lever"), name: z.string(), value: z.string() }),
]);

/** One thing that is done to a service: a setting of a role's namespace, or a lever of its program. */
export type Change = z.infer<typeof changeShape>;

const armShape = z.object({
  /** Key -> value, of the target's namespace. */
  target: texts,
  /** The same of upstreams'; those of which nothing is set are left out. */
  upstreams: byRole(texts),
  /** Lever -> value. */
  levers: texts,
});

/** What a trial of `find` changes against the suite's own: settings by role, and levers. All empty: the baseline. */
export type Arm = z.infer<typeof armShape>;

const leverShape = z.object({
  name: z.string(),
  /** What remedy of a program it carries out: "backlog". */
  what: z.string(),
  /** Where its value goes: env.BACKLOG, upstreams.db.env.BACKLOG, command.--backlog. */
  place: z.string(),
  role: z.string(),
  /** What it has without a change; null where the suite does not say. */
  value: z.string().nullable(),
});

/** A place of the suite where a program's own limit may be set. */
export type Lever = z.infer<typeof leverShape>;

const candidateShape = z.object({
  /** Its value is enough, so that it binds no more; the other level is what is there without it. */
  change: changeShape,
  /** Whether Kubernetes counts the key as safe. */
  isSafe: z.boolean(),
});

/** A change that no finding has to point at: it is tried in the group, and screened. */
export type Candidate = z.infer<typeof candidateShape>;

const leftOutShape = z.object({
  role: z.string(),
  key: z.string(),
  why: z.discriminatedUnion("code", [
    /** The suite sets it: a condition of the experiment. */
    z.object({ code: z.literal("condition"), value: z.string() }),
    /** It looks like a win and is none. */
    z.object({ code: z.literal("fake-win") }),
    /** It hides what binds, or turns waiting into errors. */
    z.object({ code: z.literal("masking") }),
    z.object({ code: z.literal("no-level") }),
    /** The machine's, not a namespace's. */
    z.object({ code: z.literal("not-private") }),
    /** It has the value already. */
    z.object({ code: z.literal("as-it-is"), value: z.string() }),
    /** Nothing of the range is free of ports that something listens on. */
    z.object({ code: z.literal("listened-on"), ports: z.array(z.number()) }),
    /** Beyond the largest screen. */
    z.object({ code: z.literal("too-many"), most: z.number() }),
    /** This machine or cluster does not take it; its words. */
    z.object({ code: z.literal("refused"), words: z.string() }),
  ]),
});

/** A key that is no candidate, and why. */
export type LeftOut = z.infer<typeof leftOutShape>;

/** What run.json says of a find: fixed before its first trial. */
export const findShape = z.object({
  kind: z.literal("find"),
  /** null: the suite's load is run as it is. Else its rate is raised until something binds. */
  objective: searchObjectiveShape.nullable(),
  /** What "better" is where there are any. */
  goals: z.array(goalShape),
  /** All trials together, with what is around them. */
  budgetMs: z.number(),
  /** null: as many as the budget has time for. */
  mostTrials: z.number().nullable(),
  /** Fraction: what counts as "the same". */
  tolerance: z.number(),
  seed: z.number(),
  levers: z.array(leverShape),
  candidates: z.array(candidateShape),
  leftOut: z.array(leftOutShape),
  /** Settings that the suite itself gives a role: conditions of the experiment. */
  conditions: byRole(texts),
  /** Ports that each role is known to listen on: no range is widened over them. */
  listening: byRole(z.array(z.number())),
});
export type Find = z.infer<typeof findShape>;

const findStepShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("baseline") }),
  /** The base at a higher rate: nothing bound at the last one. */
  z.object({ kind: z.literal("raise") }),
  /** What a finding of the base names, tried on top of it. */
  z.object({ kind: z.literal("follow"), rule: z.string(), changes: z.array(changeShape) }),
  /** All candidates at once against the base. */
  z.object({ kind: z.literal("group"), pair: z.number(), all: z.boolean() }),
  /** A run of the design; `mirrored`: every level turned round. */
  z.object({ kind: z.literal("screen"), run: z.number(), mirrored: z.boolean() }),
  /** A fresh block. `round` counts from 1; without: the winner less one of its changes. */
  z.object({ kind: z.literal("confirm"), round: z.number(), arm: z.enum(["baseline", "winner", "without"]) }),
  /** A number of the program between what the suite gives it and what is enough. */
  z.object({ kind: z.literal("bisect"), change: changeShape }),
]);

/** What a trial of a find was for. */
export type FindStep = z.infer<typeof findStepShape>;

export const findTrialShape = z.object({
  step: findStepShape,
  arm: armShape,
  /** null: the suite's own. */
  ratePerSecond: z.number().nullable(),
});

/** What trial.json says of a find's trial. */
export type FindTrial = z.infer<typeof findTrialShape>;
