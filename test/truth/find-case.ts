import type { MachinePart } from "../helpers/machine-parts.ts";
import type { TruthCase } from "./case.ts";
import type { RuleName } from "./rules.ts";

/** A real service without any profile, and what `tunebench find` has to come to. */
export interface FindCase {
  name: string;
  /** What was injected, for people. */
  injected: string;
  /** Beyond namespaces, k6, Go and Python. */
  needs?: MachinePart[];
  /** As of a TruthCase; `find` is the suite's own section. */
  suite: TruthCase["suite"] & { find?: Record<string, unknown>; goals?: Record<string, unknown> };
  /** Keys of the suite's conditions that may be tried all the same. */
  keys?: string[];
  budget?: string;
  expected: {
    settings: Record<string, string>;
    upstreams?: Record<string, Record<string, string>>;
    levers?: Record<string, string>;
    /** Why it ended; one of them. */
    ended: string[];
    /** What binds in the end; null: nothing. Left out: anything. */
    binds?: { rule?: RuleName; side?: string } | null;
    /** One of the remedies that are no settings. */
    elsewhere?: { kind: string; what?: string };
  };
}
