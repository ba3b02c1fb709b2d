import type { Sysctls } from "../suite/suite.ts";
import { checkedSetting } from "./checked-setting.ts";
import { objectName } from "./object-name.ts";
import type { DeliveredSetting, Selection } from "./selection.ts";

/** Of a suite what is meant. */
interface SuiteChoice {
  /** null: all. */
  profile: string | null;
  listeners: number[];
  conditions?: Sysctls[];
}

/**
 * A pool on which a whole suite can be measured: the unsafe keys of any of its parts, under any profile, since all its pods
 * run there. Nothing else is left out: nothing is measured yet. `conditions` are settings of the suite's own that are not to be had.
 */
export function selectForSuite(
  suite: string,
  parts: Sysctls[],
  minor: number,
  { profile, listeners, conditions }: SuiteChoice = { profile: null, listeners: [] },
): Selection {
  const keys = [...new Set(parts.flatMap((sysctls) => Object.keys(sysctls)))].sort();
  const all = keys.map((key) => checkedSetting(key, valuesOf(parts, key), minor, null));
  const isNode = ({ reach }: DeliveredSetting) => reach.kind === "node";
  return {
    purpose: "test-pool",
    subject: conditions === undefined ? `a test pool for suite ${suite}` : `suite ${suite}`,
    // A profile's pool is neither the suite's nor the profile's rollout.
    name: profile === null ? objectName(suite) : objectName(suite, "test", profile),
    minor,
    isMeasuredOn: false,
    origin: { kind: "suite", name: suite, profile },
    conditions: (conditions ?? []).flatMap((own) => Object.entries(own).map(([key, value]) => ({ key, value }))),
    otherHalf: null,
    listeners,
    queueLimit: null,
    settings: all.filter((setting) => !isNode(setting)),
    leftOut: all.filter(isNode).map(({ key, value, values }) => ({ key, value, values, why: oneForAll })),
    elsewhere: [],
    evidence: conditions === undefined ? ofPool : ofMachine,
    beside: null,
    caveats: [],
  };
}

const ofPool = [
  "A few nodes to measure on: on most clusters an unsafe key can't be tried before a node allows it. Which key helps is what the run will tell; `tunebench deliver RUN` then writes the rollout.",
  "The suite's own settings are among these keys: they are the experiment's conditions, and a pool to measure on must allow them. A rollout leaves them out.",
];

const ofMachine = [
  "**Nothing of this is measured yet**, and a run on this machine needs none of it: it sets its settings in namespaces of its own. Which key helps is what the run will tell; `tunebench deliver RUN` then writes the rollout.",
];

const oneForAll = "it is the node's own, one value for all its pods, and can't differ between profiles on one pool";

function valuesOf(parts: Sysctls[], key: string): string[] {
  return [...new Set(parts.flatMap((sysctls) => sysctls[key] ?? []))];
}
