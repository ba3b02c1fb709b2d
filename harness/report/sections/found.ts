import { listWords } from "../../core/words.ts";
import { armChanges, placeOf } from "../../find/arm.ts";
import type { FindResult } from "../../find/found.ts";
import type { Change } from "../../results/find.ts";
import type { RunRecord } from "../../results/run.ts";
import type { Block, Section, Text } from "../blocks.ts";
import type { ReportInput } from "../report-input.ts";
import { changeWords } from "../words/changes.ts";
import { findingTitles } from "../words/findings.ts";
import { belowWords, gainWords } from "../words/gain.ts";
import { leftOutWords } from "../words/left-out.ts";
import { remedyWords } from "../words/remedies.ts";

/** What helps and what does not, what binds is to be done about elsewhere, what was never tried, and what comes next; null of any other run. */
export function foundSection({ run, analysis }: ReportInput): Section | null {
  const { found } = analysis;
  if (found === null) return null;
  const blocks: Block[] = [
    ...listOf(
      "Helps",
      found.helped.map((helped) => helpedWords(helped, found.path)),
    ),
    ...listOf("Does not", noEffectWords(found)),
    ...listOf("In program, upstream or node", elsewhereWords(found)),
    ...listOf(
      "Never tried",
      found.leftOut.map(
        (one): Text => [
          { kind: "code", text: one.key },
          `${one.role === "target" ? "" : ` of ${one.role}`}: ${leftOutWords(one)}`,
        ],
      ),
    ),
    ...listOf("Next", nextLines(run, found)),
  ];
  return blocks.length === 0 ? null : { id: "found", title: "What was found", reach: "everywhere", blocks };
}

function listOf(title: string, items: Text[]): Block[] {
  return items.length === 0 ? [] : [{ kind: "group", title, blocks: [{ kind: "list", items }] }];
}

function helpedWords({ change, gain, by, onlyWith }: FindResult["helped"][number], path: FindResult["path"]): Text {
  const pointed =
    by.kind === "finding"
      ? `named by the finding "${findingTitles[by.rule]}"`
      : `seen in the ${by.kind === "group" ? "test of all together" : "screen"}`;
  const with_ = onlyWith.length === 0 ? "" : `; only together with ${listWords(onlyWith.map(changeWords))}`;
  const how = gain === null || gain.blocks === 0 ? "" : `; ${gainWords(gain)}`;
  return [{ kind: "code", text: changeWords(change) }, `: ${pointed}${how}${with_}${enoughWords(change, path)}`];
}

function enoughWords(change: Change, path: FindResult["path"]): string {
  const enough = path.flatMap(({ came }) =>
    came.kind === "bisected" && placeOf(came.change) === placeOf(change) && came.enough !== change.value
      ? [`; ${came.enough} is enough, to a factor of two`]
      : [],
  );
  return enough[0] ?? "";
}

/** Those that the same step says the same of in one sentence. */
function noEffectWords({ noEffect }: FindResult): Text[] {
  const groups = Map.groupBy(noEffect, ({ seenIn, below }) => JSON.stringify([seenIn, below]));
  return [...groups.values()].flatMap((own): Text[] => {
    const [first] = own;
    if (first === undefined) return [];
    const names = own.map(({ change }) => changeWords(change));
    return [
      [
        { kind: "code", text: names.join(", ") },
        `: ${seenWords[first.seenIn]}${first.seenIn === "group" || first.seenIn === "screen" ? `; ${belowWords(first.below)}` : ""}`,
      ],
    ];
  });
}

const seenWords: Record<FindResult["noEffect"][number]["seenIn"], string> = {
  follow: "tried alone, since a finding named it: no clear help",
  group: "tried together: no help",
  screen: "screened: it does not stand out",
  confirm: "the set does as well without it, in fresh blocks",
  alternative: "does as well, in place of what was found",
};

function elsewhereWords({ elsewhere }: FindResult): Text[] {
  const byRule = Map.groupBy(elsewhere, ({ rule, binds }) => JSON.stringify([rule, binds]));
  return [...byRule.values()].flatMap((own): Text[] => {
    const [first] = own;
    if (first === undefined) return [];
    const when = first.binds === "now" ? "binds now" : "bound before";
    return [`${findingTitles[first.rule]} (${when}): ${remedyWords(own.map(({ remedy }) => remedy))}`];
  });
}

/** Lines to paste. What a setting's half in the program is has no platform to be delivered on. */
function nextLines({ id, provenance }: RunRecord, { settings, upstreams, levers }: FindResult): Text[] {
  const set = armChanges({ target: settings, upstreams, levers });
  if (set.length === 0) return [];
  const { kubernetes } = provenance.environment;
  const platform = kubernetes === null ? "linux" : "kind";
  return [
    ...(Object.keys(settings).length === 0
      ? []
      : [
          [
            { kind: "code", text: `tunebench deliver ${id} --profile found --platform ${platform}` } as const,
            " (or another platform: tunebench deliver --help)",
          ],
        ]),
    [{ kind: "code", text: `tunebench gate ${id} --candidate found` }],
    [
      { kind: "code", text: "tunebench find SUITE --write DIR" },
      " writes a suite with baseline and found, for run and gate",
    ],
  ];
}
