import { listWords } from "../../core/words.ts";
import { armChanges } from "../../find/arm.ts";
import type { FindResult, StepResult } from "../../find/found.ts";
import type { DoneReason } from "../../find/move.ts";
import type { Change } from "../../results/find.ts";
import { changeWords } from "./changes.ts";
import { findingWords } from "./findings.ts";
import { gainWords, standingWords } from "./gain.ts";

/** What a find came to: what to set, what it gains and how sure that is, or why nothing; then what binds now and what was left open. */
export function findVerdict(found: FindResult): { headline: string; why: string[] } {
  const set = armChanges({ target: found.settings, upstreams: found.upstreams, levers: found.levers });
  return { headline: set.length > 0 ? helpsSentence(set, found) : noSetSentence(found), why: whyOf(found, set) };
}

function helpsSentence(set: Change[], { gain }: FindResult): string {
  const words = listWords(set.map(changeWords));
  const how = gain === null ? "" : `: ${gainWords(gain)}`;
  return `${set.length === 1 ? `${words} helps` : `${words} help, together`}${how}.`;
}

function noSetSentence({ ended, bindsNow, path }: FindResult): string {
  const tried = path.flatMap(({ came }) => (came.kind === "tried" && came.helped ? [came] : []));
  if (tried.length > 0 && ended?.code !== "none-helps") return unconfirmedSentence(tried, ended);
  switch (ended?.code) {
    case "goals-kept":
      return "No setting is needed: all that was asked was served, and the goals were kept.";
    case "none-helps":
      return tried.length > 0
        ? "No setting helps: what seemed to did not do so again in fresh blocks."
        : bindsNow === null && heldAtFirst(path)
          ? "No setting helps: nothing binds at this rate."
          : "No setting helps.";
    case "no-setting":
      return "No setting helps: what binds is nothing that a setting cures.";
    case "unclear":
      return "No setting was seen to help; whether one helps a little can't be told from noise.";
    case "budget":
      return `It is not known whether a setting helps: the budget ended before ${stepNames[ended.next]}.`;
    case "invalid":
      return `It is not known whether a setting helps: ${ended.trials} trials in a row were invalid.`;
    default:
      return "It is not known yet whether a setting helps: this find has not ended.";
  }
}

function heldAtFirst([first]: FindResult["path"]): boolean {
  return first?.came.kind === "bound" && first.came.standing === "held";
}

/** What a find does in each of its steps, as a noun. */
const stepNames: Record<Extract<DoneReason, { code: "budget" }>["next"], string> = {
  baseline: "the suite was seen as it is",
  raise: "a rate was found at which something binds",
  follow: "all that the findings point at was tried",
  group: "the settings that no finding points at were tried",
  screen: "it was told which of the settings it is",
  confirm: "fresh blocks confirmed it",
  bisect: "it was told how much is enough",
};

function unconfirmedSentence(tried: Extract<StepResult, { kind: "tried" }>[], ended: DoneReason | null): string {
  const words = listWords(tried.flatMap(({ changes }) => changes.map(changeWords)));
  const why =
    ended?.code === "budget" ? `the budget ended before ${stepNames[ended.next]}` : "fresh blocks are still to come";
  return `${words} helped where it was tried, which is not confirmed: ${why}.`;
}

function whyOf(found: FindResult, set: Change[]): string[] {
  const { ended, omitted, conditions } = found;
  return [
    ...bindsWords(found, set),
    ...(ended?.code === "budget" && set.length > 0 ? ["The budget ended before all was tried."] : []),
    ...omitted.map(omittedWords),
    ...conditionWords(conditions),
  ];
}

/** A limit that shows without a finding that most trials agree on is still one. */
function bindsWords({ bindsNow, gain }: FindResult, set: Change[]): string[] {
  if (bindsNow !== null) return [`${set.length > 0 ? "What binds now" : "What binds"}: ${findingWords(bindsNow)}`];
  if (set.length === 0) return [];
  if (gain === null || gain.after === "held") return ["Nothing binds at this rate any more."];
  return [`With it the service ${standingWords[gain.after]}, and its trials do not agree on what binds now.`];
}

/** What the budget left no room for. */
function omittedWords(omitted: FindResult["omitted"][number]): string {
  switch (omitted.code) {
    case "group-test":
      return `The budget had no room for a test of all settings together (${omitted.trials} trials).`;
    case "pairs":
      return `The test of all settings together had ${omitted.done} of ${omitted.of} pairs: the budget had no room for more.`;
    case "screen":
      return `The budget had no room for the screen that tells which setting it is (${omitted.trials} trials).`;
    case "blocks":
      return `It was confirmed in ${omitted.done} of ${omitted.of} fresh blocks: the budget had no room for more.`;
  }
}

/** "Measured with the suite's own net.ipv4.ip_local_port_range=..." */
function conditionWords(conditions: FindResult["conditions"]): string[] {
  const changes = Object.entries(conditions).flatMap(([role, settings]) =>
    Object.entries(settings).map(([key, value]): Change => ({ kind: "setting", role, key, value })),
  );
  return changes.length === 0 ? [] : [`Measured with the suite's own ${listWords(changes.map(changeWords))}.`];
}
