import * as z from "zod";
import { analysisCaveatShapes } from "./caveats-analysis.ts";
import { planCaveatShapes } from "./caveats-plan.ts";
import { searchCaveatShapes } from "./caveats-search.ts";
import { trialCaveatShapes } from "./caveats-trial.ts";

/**
 * Every caveat: the shape in which records hold it, and the source of its type. The rooms raise caveats as data; what one says
 * in words is in report/words alone.
 */
export const caveatShape = z.discriminatedUnion("code", [
  ...trialCaveatShapes,
  ...searchCaveatShapes,
  ...planCaveatShapes,
  ...analysisCaveatShapes,
]);

/** A reservation about a number: a code, short and stable, and what there is to know of it, each number with its unit in its name. */
export type Caveat = z.infer<typeof caveatShape>;

/** What a caveat is about. */
export type CaveatCode = Caveat["code"];

/** The caveat of a code. */
export type CaveatOf<Code extends CaveatCode> = Extract<Caveat, { code: Code }>;

/** What each of some caveats says: a sentence without its full stop for every code. */
export type SentencesOf<Some extends Caveat> = {
  [Code in Some["code"]]: (caveat: Extract<Some, { code: Code }>) => string;
};

/** A caveat as an analysis has it: with the trials that raised it, where trials did. */
export type RaisedCaveat = Caveat & { raisedIn?: RaisedIn };

/** How many of which trials raised a caveat; its numbers are the first one's. */
export interface RaisedIn {
  trials: number;
  of: number;
  /** Whose trials; null where they are those of all profiles, or the list is that of one. */
  profile: string | null;
}
