import { formatCount } from "../../core/numbers.ts";
import { formatSeconds } from "../../core/units.ts";
import { leastDisturbed } from "../../results/other-cpu.ts";
import type { TrialRecord } from "../../results/trial.ts";
import { type Footnote, footnotes } from "../doubts.ts";
import type { ReportInput } from "../report-input.ts";
import { invalidWords } from "../words/invalid-reasons.ts";
import { stopWords } from "../words/stop-reasons.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { dataTable } from "./table.ts";

/** Every trial in the order it ran, with what ended it and why it may not count. */
export function trialsSection(input: ReportInput): Markup {
  const heads = [
    { title: "Trial" },
    { title: "Block", numeric: true },
    { title: "Profile" },
    { title: "Valid" },
    { title: "Outcome" },
    { title: "Stopped by" },
    { title: "Successes", numeric: true },
    { title: "Faults", numeric: true },
    { title: "Load", numeric: true },
    { title: "Around it", numeric: true },
    ...(inCluster(input) ? [{ title: "Node" }] : []),
  ];
  const rows = input.trials.map((trial): Insert[] => [
    trial.sequence,
    placeWords(trial),
    profileName(input.analysis, trial.profile),
    trial.valid
      ? validWords(trial, input)
      : html`<strong class="bad">no</strong>: ${invalidWords(trial.invalidReason)}`,
    `${trial.outcome}${trial.generator.bound ? " (generator-bound)" : ""}`,
    describeStop(trial),
    formatCount(trial.successes),
    formatCount(trial.faults.reduce((sum, { count }) => sum + count, 0)),
    formatSeconds(trial.loadSeconds),
    formatSeconds(trial.overheadSeconds),
    ...(inCluster(input) ? [trial.platform?.node ?? "-"] : []),
  ]);
  return html`<section aria-labelledby="trials"><h2 id="trials">Trials</h2>
${dataTable(`${input.trials.length} trials; ${input.run.order.length} places planned, seed ${input.run.seed}`, heads, rows)}</section>`;
}

/** Of valid trials of one place one counts; the others are shown, and why they don't. */
function validWords(trial: TrialRecord, { trials }: ReportInput): string {
  const same = trials.filter(
    ({ valid, block, profile, purpose }) =>
      valid && block === trial.block && profile === trial.profile && purpose === trial.purpose,
  );
  if (trial.step !== null || leastDisturbed(same) === trial) return "yes";
  return "yes, but others disturbed it more than the trial that counts";
}

function inCluster({ run }: ReportInput): boolean {
  return run.provenance.environment.kubernetes !== null;
}

/** "3", "3, attempt 2", "13, recheck". */
function placeWords({ block, attempt, purpose }: TrialRecord): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  return `${block}${purpose === "recheck" ? ", recheck" : ""}${again}`;
}

function describeStop({ stoppedBy }: TrialRecord): string {
  if (stoppedBy === null) return "-";
  return `${stoppedBy.criterion} at ${formatSeconds(stoppedBy.atSeconds)}: ${stopWords(stoppedBy)}`;
}

/** Reservations about the numbers, each once, with the profiles they belong to. */
export function doubtsSection(input: ReportInput): Markup {
  const notes = footnotes(input);
  if (notes.length === 0) return html``;
  return html`<section aria-labelledby="doubts"><h2 id="doubts">Doubts</h2><ol class="sentences">${notes.map((note) => doubt(note, input))}</ol></section>`;
}

function doubt({ number, sentence, profiles }: Footnote, { analysis }: ReportInput): Markup {
  const whose = profiles.map((profile) => html` ${profileName(analysis, profile)}`);
  return html`<li id="doubt-${number}">${sentence}${whose}</li>`;
}

/** How much of the parts' last words a page shows: enough to see why, never a whole log. */
const shownWords = { trials: 20, lines: 20, characters: 400 };

/** Last lines of parts that ended unasked. Text of unknown origin: shown as text only. */
export function lastWordsSection({ trials }: ReportInput): Markup {
  const spoken = trials.flatMap((trial) =>
    Object.entries(trial.lastWords)
      .filter(([, lines]) => lines.length > 0)
      .map(([role, lines]) => ({ trial, role, lines })),
  );
  if (spoken.length === 0) return html``;
  const left = spoken.length - shownWords.trials;
  return html`<section aria-labelledby="last-words"><h2 id="last-words">Last words of parts that ended</h2>
${spoken.slice(0, shownWords.trials).map(
  ({ trial, role, lines }) => html`<h3>${role}, trial ${trial.sequence} (${trial.profile})</h3>
<pre tabindex="0">${lines.slice(-shownWords.lines).map((line) => `${line.slice(0, shownWords.characters)}\n`)}</pre>`,
)}${left > 0 ? html`<p class="muted">${left} more are in the trials' folders.</p>` : null}</section>`;
}
