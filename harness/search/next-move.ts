import type { SearchObjective, SearchRecord, SearchStep } from "../results/goals.ts";

/** The next trial of a search, or what the search came to. */
export type SearchMove = { kind: "step"; step: SearchStep } | { kind: "end"; record: SearchRecord };

/** Steps that are here, in the order they were run; invalid trials are left out. */
export type SearchHistory = SearchRecord["steps"];

/** What a search does next: a pure function of its steps, so that a resumed run goes on where it was. */
export type NextMove = (objective: SearchObjective, steps: SearchHistory) => SearchMove;
