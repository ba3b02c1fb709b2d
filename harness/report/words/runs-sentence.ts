import type { RunsComparison } from "../../analysis/gate-record.ts";
import { listWords } from "../../core/words.ts";
import { profileWords } from "./ratios.ts";

/** What became of the profiles of two runs, in a sentence or two. Plain words, no markup. */
export function runsSentence({ profiles, refusals }: RunsComparison): string {
  const only = (side: "baseline" | "candidate", other: "baseline" | "candidate") =>
    refusals.filter((one) => one[side] !== null && one[other] === null).map(({ profile }) => profile);
  const clause = (names: string[], run: string) =>
    names.length === 0 ? [] : [`${profileWords(names)} ${are(names)} refused in the ${run} run only.`];
  return [
    ...clause(only("candidate", "baseline"), "second"),
    ...clause(only("baseline", "candidate"), "first"),
    profiles.length === 0 && refusals.length > 0 ? nothingTaken : comparedWords(profiles),
  ].join(" ");
}

const nothingTaken = "The platform took no profile in both runs: nothing can be compared.";

function comparedWords(profiles: RunsComparison["profiles"]): string {
  const having = (result: string) =>
    profiles
      .filter(({ comparisons, checks }) => [...comparisons, ...checks].some((one) => one.result === result))
      .map(({ profile }) => profile);
  const [worse, better] = [having("worse"), having("better")];
  if (profiles.length === 0) return "The runs have no profile in common: nothing can be compared.";
  const said = [
    ...(worse.length > 0 ? [`${profileWords(worse)} ${are(worse)} worse in the second run`] : []),
    ...(better.length > 0 ? [`${profileWords(better)} ${are(better)} better`] : []),
  ];
  if (said.length > 0) return `${said.join("; ")}.`;
  const open = having("undecided");
  if (open.length > 0) return `No difference can be told between the runs (undecided: ${listWords(open)}).`;
  return "No profile differs between the runs by more than the tolerance.";
}

function are(names: string[]): string {
  return names.length === 1 ? "is" : "are";
}

/** Each profile that the platform would not take, with its words. */
export function runsRefusals({ refusals }: RunsComparison): string[] {
  return refusals.map(({ profile, baseline, candidate }) => {
    if (baseline === null) return `${profile} is refused in the second run only: ${candidate}`;
    if (candidate === null) return `${profile} is refused in the first run only: ${baseline}`;
    return baseline === candidate
      ? `${profile} is refused in both runs: ${candidate}`
      : `${profile} is refused in both runs: ${baseline}; in the second: ${candidate}`;
  });
}
