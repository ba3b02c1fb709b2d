import { formatCount } from "../../core/numbers.ts";
import { formatMilliseconds, formatPercent, formatSeconds } from "../../core/units.ts";
import type { Limit, LiveFinding, Observation, Outlook } from "../../observe/observation.ts";
import type { LiveSteering } from "../../results/live-samples.ts";
import {
  type Block,
  type Group,
  paragraph,
  type Report,
  type Section,
  type Table,
  type Text,
  type Tone,
} from "../blocks.ts";
import { factsIn } from "../words/evidence.ts";
import { findingTitles, findingWords } from "../words/findings.ts";
import { amount, limitRemark, limitTitles, nearWords, spanWords, verdictWords } from "../words/observe.ts";
import { liveCaveatWords, originWords } from "../words/observe-caveats.ts";
import { steeringWords } from "../words/observe-steering.ts";
import { remedyWords } from "../words/remedies.ts";

const tones: Record<Outlook["kind"], Tone> = {
  reached: "bad",
  soon: "bad",
  later: "warn",
  "levels-off": "good",
  high: "warn",
  room: "good",
  unseen: "warn",
};

/** Limits that the table has: whoever wants all takes JSON. */
const shownLimits = 12;
/** Share from which a limit's numbers are worth a line more. */
const remarkedShare = 0.05;

/** What a look at a live service came to: the answer, the limits, findings, settings, and what could not be seen. */
export function observeReport(observation: Observation): Report {
  return {
    title: `tunebench observe: ${subjectWords(observation)}`,
    facts: [],
    headline: verdictWords(observation),
    tone: tones[observation.outlook.kind],
    lead: [lookWords(observation)],
    notices: alsoNear(observation),
    sections: [
      limitsSection(observation),
      findingsSection(observation.findings),
      settingsSection(observation),
      steeringSection(observation.steering),
      listSection("seen", "Not seen, and what to mind", observation.caveats.map(liveCaveatWords)),
    ].filter(({ blocks }) => blocks.length > 0),
  };
}

/** Further limits that are reached or will be soon: a sentence for each, as many as fit a screen. */
const mostNotices = 3;

function alsoNear({ outlook, limits, withinSeconds }: Observation): string[] {
  if (outlook.kind !== "reached" && outlook.kind !== "soon") return [];
  const others = limits.filter(({ secondsToFull }, place) => place !== outlook.limit && secondsToFull !== null);
  const within = ({ secondsToFull }: Limit) => (secondsToFull ?? 0) <= withinSeconds;
  return others.filter(within).slice(0, mostNotices).map(nearWords);
}

function subjectWords({ subjects }: Observation): string {
  return subjects.length === 1 ? (subjects[0] ?? "") : `${formatCount(subjects.length)} network namespaces`;
}

/** How long was looked, and what that cost. */
function lookWords(observation: Observation): string {
  const { seconds, costMs } = observation;
  const share = seconds > 0 ? ` (${formatPercent(costMs / 1000 / seconds)} of a core)` : "";
  return `Looked at ${subjectWords(observation)} for ${formatSeconds(seconds)}; the looks took ${formatMilliseconds(costMs)} of CPU${share}.`;
}

function limitsSection({ limits, outlook, findings }: Observation): Section {
  const shown = limits.slice(0, shownLimits);
  const first = "limit" in outlook ? limits[outlook.limit] : undefined;
  const remedies = first === undefined ? [] : first.remedies.filter((one) => !isToldBy(findings, one));
  const remarks = shown.flatMap((limit): Text[] => {
    const words = isWorthARemark(limit) ? limitRemark(limit) : null;
    return words === null || words === "" ? [] : [`${nameOf(limit)}: ${words}`];
  });
  return {
    id: "limits",
    title: "Limits, the nearest first",
    reach: "everywhere",
    blocks: [
      ...(shown.length === 0 ? [] : [limitsTable(shown, limits.length)]),
      ...(remarks.length === 0 ? [] : [{ kind: "list", items: remarks } as const]),
      ...(remedies.length === 0 ? [] : [{ ...paragraph(remedyWords(remedies)), lead: "Remedy" }]),
    ],
  };
}

function nameOf({ limit, subject, place }: Limit): string {
  return `${limitTitles[limit]} ${subject}${place === null ? "" : `, ${place}`}`;
}

/** Whether a finding has the same remedy, so that it is read there. */
function isToldBy(findings: readonly LiveFinding[], remedy: Limit["remedies"][number]): boolean {
  return findings.some(({ remedies }) => remedies.some((one) => JSON.stringify(one) === JSON.stringify(remedy)));
}

function isWorthARemark({ share, secondsToFull, limit }: Limit): boolean {
  return (share ?? 0) >= remarkedShare || secondsToFull !== null || limit === "retransmits";
}

function limitsTable(limits: Limit[], all: number): Table {
  const places = limits.some(({ place }) => place !== null);
  const names = places
    ? [
        { title: "limit", isName: true, wraps: true },
        { title: "where", isName: true, wraps: true },
      ]
    : [
        { title: "limit", isName: true },
        { title: "whose", isName: true, wraps: true },
      ];
  return {
    kind: "table",
    caption: "Limits, the nearest to being full first",
    columns: [
      ...names,
      { title: "used", numeric: true },
      { title: "of", numeric: true },
      { title: "share", numeric: true },
      { title: "a second", numeric: true, drop: 1 },
      { title: "full in", numeric: true },
    ],
    rows: limits.map((limit) => [
      ...(places
        ? [`${limitTitles[limit.limit]} ${limit.subject}`, limit.place ?? "the machine"]
        : [limitTitles[limit.limit], limit.subject]),
      amount(limit, limit.used),
      limit.of === null ? "" : amount(limit, limit.of),
      shareMark(limit),
      growthCell(limit),
      limit.secondsToFull === null ? "" : limit.secondsToFull === 0 ? "full" : spanWords(limit.secondsToFull),
    ]),
    notes: all > limits.length ? [`${formatCount(all - limits.length)} more: --format json.`] : [],
  };
}

function growthCell(limit: Limit): string {
  const { perSecond } = limit;
  return perSecond === null || perSecond === 0 ? "" : `${perSecond > 0 ? "+" : ""}${amount(limit, perSecond)}`;
}

function shareMark({ share, secondsToFull }: Limit): Text {
  if (share === null) return "";
  const text = formatPercent(share);
  if (secondsToFull === 0) return { kind: "mark", text, tone: "bad" };
  return share >= 0.8 ? { kind: "mark", text, tone: "warn" } : text;
}

function findingsSection(findings: LiveFinding[]): Section {
  return { id: "findings", title: "Findings", reach: "everywhere", blocks: findings.map(findingGroup) };
}

function findingGroup(finding: LiveFinding): Group {
  const { rule, side, place, evidence, remedies } = finding;
  const blocks: Block[] = [
    paragraph(findingWords(finding)),
    {
      kind: "facts",
      facts: [
        {
          name: "seen",
          values: evidence
            .flatMap(factsIn)
            .map(({ what, amount }): Text => [`${what}: `, { kind: "strong", text: amount }]),
        },
      ],
    },
    { kind: "paragraph", lead: "Remedy", text: remedyWords(remedies) },
  ];
  const where = place === null ? side : `${side}, ${place}`;
  return { kind: "group", title: [findingTitles[rule], " ", { kind: "muted", text: `(${where})` }], blocks };
}

/** Of many namespaces only what is not the kernel's default, in documents. */
function settingsSection({ settings, subjects }: Observation): Section {
  const many = subjects.length > 1;
  const shown = settings.filter(({ origin }) => !many || origin.kind !== "kernel-default");
  const facts = shown.map(({ key, value, place, origin }) => ({
    name: [{ kind: "code", text: key }, place === null ? "" : ` of ${place}`] as const,
    values: [[{ kind: "strong", text: value === "" ? "empty" : value }, `, ${originWords(origin)}`] as const],
  }));
  const blocks: Block[] = facts.length === 0 ? [] : [{ kind: "facts", facts }];
  return {
    id: "settings",
    title: "Settings and where they come from",
    reach: many ? "documents" : "everywhere",
    blocks,
  };
}

/** The machine's, whatever runs on it. */
function steeringSection(steering: LiveSteering | null): Section {
  const facts = steering === null ? [] : steeringWords(steering);
  const blocks: Block[] =
    facts.length === 0 ? [] : [{ kind: "facts", facts: facts.map(([name, words]) => ({ name, values: [words] })) }];
  return { id: "steering", title: "Which CPUs the machine's packets come to", reach: "everywhere", blocks };
}

function listSection(id: string, title: string, items: string[]): Section {
  return { id, title, reach: "everywhere", blocks: items.length === 0 ? [] : [{ kind: "list", items }] };
}
