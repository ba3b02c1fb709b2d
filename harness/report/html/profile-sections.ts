import { measureOf } from "../../core/measures.ts";
import { formatCount } from "../../core/numbers.ts";
import { formatMilliseconds, formatPercent, formatRate, formatSeconds } from "../../core/units.ts";
import { describeSettings } from "../profile-settings.ts";
import type { ReportInput, TrialSeries } from "../report-input.ts";
import { describeChoice } from "../representative.ts";
import { html, type Markup } from "./markup.ts";
import type { HeatStrip, PageData, ProfileCharts } from "./page-data.ts";
import { profileName } from "./profile-name.ts";

/** The charts: all profiles on one axis first, then each profile's own. */
export function chartSections(input: ReportInput, data: PageData): Markup {
  const drawn = new Set(data.profiles.map(({ name }) => name));
  const missing = input.analysis.profiles.map(({ name }) => name).filter((name) => !drawn.has(name));
  const absent = missing.length === 0 ? null : html`<p class="muted">${describeAbsent(missing)}</p>`;
  if (drawn.size === 0) return html`${absent}`;
  return html`<section aria-labelledby="over-time"><h2 id="over-time">Over time, all profiles</h2>
<noscript><p class="notice">The charts need JavaScript; every number beside them does not.</p></noscript>
<div class="charts">
${figure("Successful requests a second", describeAll(data), "all-throughput", null)}
${data.profiles.every(({ ports }) => ports === null) ? null : figure("Use of the target's ports", "Share of the usable ports to the busiest destination; connect() begins to scan at half, and fails at all.", "all-ports", null)}
</div></section>
${data.profiles.map((charts, index) => profileSection(input, charts, index, data))}
${absent}`;
}

function describeAbsent(names: string[]): string {
  return `No charts of ${names.join(", ")}: ${names.length === 1 ? "it has" : "they have"} no valid trial.`;
}

function describeAll({ profiles }: PageData): string {
  const peaks = profiles.map(
    ({ name, load }) => `${name} peaks at ${formatRate(Math.max(0, ...load.successesPerSecond))}`,
  );
  return `${peaks.join(", ")}.`;
}

function profileSection(input: ReportInput, charts: ProfileCharts, index: number, data: PageData): Markup {
  const series = input.series.find(({ trial }) => trial.profile === charts.name);
  const record = input.run.profiles.find(({ name }) => name === charts.name);
  if (series === undefined) return html``;
  const settings = record === undefined ? [] : describeSettings(record);
  return html`<section class="profile" aria-labelledby="profile-${index}">
<h2 id="profile-${index}">${profileName(input.analysis, charts.name)} <span class="outcome ${series.trial.outcome}">${series.trial.outcome}</span></h2>
<p class="muted">${settings.map((line) => html`<code>${line}</code> `)} Shown: ${describeChoice(series.trial, input.trials)}.</p>
<div class="charts">
${figure("Throughput", describeThroughput(series), "throughput", index)}
${figure("Latency of successful requests", describeLatency(series, charts), "latency", index)}
${charts.ports === null ? null : figure("Ports of the target", describePorts(series), "ports", index)}
<div class="heats">${charts.heat.map((strip, place) => heatFigure(strip, index, place, data.shared.seconds))}
${notDrawn(charts).map((sentence) => html`<p class="muted">${sentence}</p>`)}</div>
</div></section>\n`;
}

/** What a reader may look for and why it is not there. */
function notDrawn({ ports, heat }: ProfileCharts): string[] {
  const interrupts = heat.some(({ work }) => work === "interrupts");
  return [
    ...(ports === null ? ["The target was seen with no outgoing connection: it uses no port of its range."] : []),
    ...(interrupts ? [] : ["No interrupt of a network device was counted: a virtual link raises none."]),
  ];
}

function figure(title: string, description: string, kind: string, profile: number | null): Markup {
  const whose = profile === null ? html`` : html` data-profile="${profile}"`;
  return html`<figure><figcaption><strong class="figure-title">${title}</strong> ${description}</figcaption>
<div class="chart" data-chart="${kind}"${whose} role="img" aria-label="${title}. ${description}"></div></figure>`;
}

function describeThroughput({ trial }: TrialSeries): string {
  const sustained = trial.measures.sustainedPerSecond;
  const served = `${formatCount(trial.successes)} served${sustained === null ? "" : `, ${measureOf("sustainedPerSecond").label} ${formatRate(sustained)}`}`;
  const faults = trial.faults.map(({ kind, side, count }) => `${formatCount(count)} ${kind} (${side})`);
  return `${served}; ${faults.length === 0 ? "no fault" : faults.join(", ")}.`;
}

function describeLatency({ trial }: TrialSeries, { load }: ProfileCharts): string {
  const { latencyMs: before, latencyAfterCliffMs: after } = trial.measures;
  const upTo =
    before === null
      ? "not measured"
      : `p50 ${formatMilliseconds(before.p50)}, p99 ${formatMilliseconds(before.p99)} up to the first wall`;
  const bound = after?.lowerBound === true ? ">= " : "";
  const then = after === null ? "" : `; after the cliff p50 ${bound}${formatMilliseconds(after.p50)}`;
  const shaded = load.bound.some(Boolean)
    ? " Shaded: iterations were dropped, latency there is set by the generator's virtual users."
    : "";
  return `${upTo}${then}.${shaded}`;
}

function describePorts({ trial }: TrialSeries): string {
  const evidence = trial.evidence.ports.find(({ role }) => role === "target");
  if (evidence === undefined) return "";
  const { destination, peakInUse, usable } = evidence;
  const peak = `At most ${formatCount(peakInUse)} of ${formatCount(usable)} (${formatPercent(peakInUse / usable)})`;
  const to = destination === null ? "" : ` to ${destination.name ?? destination.address} port ${destination.port}`;
  return `${peak}${to}.`;
}

const heatTitles = {
  interrupts: "Interrupts of network devices by CPU",
  softirqs: "NET_RX softirqs by CPU",
  busy: "Busy time by CPU",
};

function heatFigure(strip: HeatStrip, profile: number, place: number, seconds: number): Markup {
  const title = heatTitles[strip.work];
  const description = describeHeat(strip);
  const cpus = strip.perSecond.length;
  const labels = cpus <= 16 ? strip.perSecond.map((_, cpu) => `CPU ${cpu}`) : [`CPU 0 to ${cpus - 1}`];
  return html`<figure class="heat"><figcaption><strong class="figure-title">${title}</strong> ${description}</figcaption>
<div class="strip"><div class="cpus" aria-hidden="true">${labels.map((label) => html`<span>${label}</span>`)}</div>
<canvas data-chart="heat" data-profile="${profile}" data-strip="${place}" role="img" aria-label="${title}. ${description}"></canvas>
<div class="ticks" aria-hidden="true"><span>0 s</span><span>${formatSeconds(seconds)}</span></div></div></figure>`;
}

function describeHeat({ work, perSecond, peakPerSecond }: HeatStrip): string {
  if (work === "busy") return `At most ${formatPercent(Math.min(1, peakPerSecond / 1000))} of one CPU.`;
  const totals = perSecond.map((values) => values.reduce((sum, value) => sum + value, 0));
  const total = totals.reduce((sum, value) => sum + value, 0);
  const busiest = totals.indexOf(Math.max(...totals));
  const share = formatPercent((totals[busiest] ?? 0) / total);
  return `CPU ${busiest} did ${share}; most on one CPU: ${formatRate(peakPerSecond)}.`;
}
