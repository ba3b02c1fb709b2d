import { IncompleteError } from "../../../core/errors.ts";

/** Why a pod of ours does not come to run, or no longer does. */
export type PodFailureKind =
  | "quota"
  | "limit-range"
  | "pod-security"
  | "webhook"
  | "not-admitted"
  | "invalid"
  | "unschedulable"
  | "sysctl-forbidden"
  | "sandbox"
  | "image"
  | "configuration"
  | "mount"
  | "init"
  | "crash"
  | "out-of-memory"
  | "probe"
  | "deadline"
  | "evicted"
  | "node-lost"
  | "deleted"
  | "not-started"
  | "not-ready";

/** What is known of a failure. */
export interface Failing {
  kind: PodFailureKind;
  /** The cluster's own words: untrusted text. "" where it has none. */
  words: string;
  /** Why, as a sentence without a full stop. */
  reason: string;
  /** What to do; null where nothing general can be said. */
  remedy: string | null;
  /** The platform does not let the profile's settings be: the words are about its route. */
  refusesProfile: boolean;
  /** The container that it is about, whose log may say more; null where it is none. */
  container: string | null;
}

/** A pod that fails in a way that is recognised. Exit 4 unless a caller makes more of it. */
export class PodFailure extends IncompleteError {
  readonly pod: string;
  readonly kind: PodFailureKind;
  readonly words: string;
  readonly reason: string;
  readonly remedy: string | null;
  readonly refusesProfile: boolean;
  readonly container: string | null;
  /** The last lines of `container`, where it had run: untrusted text. */
  readonly lastLines: string[];
  /** The node that it was on; null where it had none. */
  readonly node: string | null;

  constructor(pod: string, failing: Failing, more: { lastLines?: string[]; node?: string | null } = {}) {
    const lastLines = more.lastLines ?? [];
    const quoted = lastLines.map((line) => `\n  | ${line}`).join("");
    const words = failing.words === "" || quoted !== "" ? "" : `: ${failing.words}`;
    super(`pod ${pod}: ${failing.reason}${words}${quoted}`, { hint: failing.remedy ?? undefined });
    this.pod = pod;
    this.kind = failing.kind;
    this.words = failing.words;
    this.reason = failing.reason;
    this.remedy = failing.remedy;
    this.refusesProfile = failing.refusesProfile;
    this.container = failing.container;
    this.lastLines = lastLines;
    this.node = more.node ?? null;
  }
}

/** A failure in which the settings have no part. */
export function failing(
  kind: PodFailureKind,
  words: string,
  reason: string,
  remedy: string | null = null,
  container: string | null = null,
): Failing {
  return { kind, words, reason, remedy, refusesProfile: false, container };
}
