import test from "ava";
import fc from "fast-check";
import { chartData } from "../../../harness/report/charts/chart-data.ts";
import { renderHtml } from "../../../harness/report/html/html.ts";
import { html, scriptJson } from "../../../harness/report/html/markup.ts";
import type { Sample } from "../../../harness/results/samples.ts";
import { anyText } from "../../helpers/any-text.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";

test("values in markup are text, whatever they hold", (t) => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const { text: markup } = html`<a title="${text}">${text}</a>`;
      t.regex(markup, /^<a title="[^<>"]*">[^<>"]*<\/a>$/);
    }),
  );
});

test("JSON in a script element can't end it, and is the same value when read", (t) => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const json = scriptJson([`${text}</script><!--\u2028`]).text;
      t.notRegex(json, /[<\u2028\u2029]/);
      t.deepEqual(JSON.parse(json), [`${text}</script><!--\u2028`]);
    }),
  );
});

test("the page names no other file or host, and holds no inline style or handler", (t) => {
  const page = renderHtml(portExhaustionReport());
  const outside = page.replaceAll(/<script[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, "");
  t.notRegex(outside, /https?:|\ssrc=| style=| on\w+=|url\(/);
  t.notRegex(page, /@import|@font-face|url\(/);
});

test("a run of many profiles and long trials still fits in 2 MB, and says that its series are thinned", (t) => {
  const input = portExhaustionReport({ cpus: 64 });
  const [series] = input.series;
  const [analysed] = input.analysis.profiles;
  if (series === undefined || analysed === undefined) throw new Error("the fixture has series");
  for (let index = 0; index < 40; index += 1) {
    const profile = `p${index}`;
    input.analysis.profiles.push({ ...analysed, name: profile });
    input.series.push({ ...series, trial: { ...series.trial, profile } });
  }
  const page = renderHtml(input);
  t.true(Buffer.byteLength(page) <= 2_000_000);
  t.true(page.includes("Series are thinned to at most"));
});

test("thinning merges windows: no request is lost", (t) => {
  const input = portExhaustionReport();
  const [series] = input.series;
  if (series === undefined) throw new Error("the fixture has series");
  const long = { ...series, windows: Array.from({ length: 40 }, (_, round) => later(series.windows, round)).flat() };
  const { data, thinnedTo } = chartData({ ...input, series: [long] });
  t.is(thinnedTo, 800);
  const { seconds = [], successesPerSecond = [], faultsPerSecond = [] } = data.profiles[0]?.load ?? {};
  const drawn = seconds.reduce((sum, end, index) => {
    const rate = (successesPerSecond[index] ?? 0) + (faultsPerSecond[index] ?? 0);
    return sum + rate * (end - (seconds[index - 1] ?? 0));
  }, 0);
  const requests = long.windows.reduce((sum, window) => sum + window.requests, 0);
  t.true(Math.abs(drawn / requests - 1) < 0.001, `${drawn} of ${requests}`);
});

test("charts follow the busiest destination and mark cliff, fault and stop", (t) => {
  const { data } = chartData(portExhaustionReport());
  const [baseline, reuse] = data.profiles;
  t.deepEqual(
    baseline?.moments.map(({ kind }) => kind),
    ["cliff", "fault", "stop"],
  );
  t.is(baseline?.ports?.usable, 28_232);
  t.is(Math.max(...(baseline?.ports?.inUse ?? []).map((value) => value ?? 0)), 28_232);
  t.true(baseline?.ports?.cliffExpected);
  t.false(reuse?.ports?.cliffExpected);
});

test("of several copies the ports chart follows the one that holds most", (t) => {
  const input = portExhaustionReport();
  for (const series of input.series) {
    const copies = series.samples.flatMap((sample): Sample[] => {
      if (sample.kind === "sockets" && sample.role === "target") return [{ ...sample, role: "target-2", timeWait: 7 }];
      if (sample.kind !== "ports" || sample.role !== "target") return [];
      return [
        { ...sample, role: "target-2", destinations: sample.destinations.map((one) => ({ ...one, inUse: 99_000 })) },
      ];
    });
    series.samples = [...series.samples, ...copies];
  }
  const ports = chartData(input).data.profiles[0]?.ports;
  t.deepEqual([...new Set(ports?.timeWait.filter((value) => value !== null))], [7]);
  t.is(Math.max(...(ports?.inUse ?? []).map((value) => value ?? 0)), 99_000);
});

test("a last window of some ms makes no peak", (t) => {
  const input = portExhaustionReport();
  const [series] = input.series.filter(({ trial }) => trial.profile === "reuse");
  const last = series?.windows.at(-1);
  if (series === undefined || last === undefined) throw new Error("the fixture has windows");
  series.windows.push({ ...last, startMs: last.endMs, endMs: last.endMs + 5, requests: 60 });
  const { data } = chartData(input);
  const rates = data.profiles.find(({ name }) => name === "reuse")?.load.successesPerSecond ?? [];
  t.true(Math.max(...rates) < 3200, `${Math.max(...rates)}`);
});

test("a target without outgoing connections has no port chart, whatever its TIME_WAITs", (t) => {
  const input = portExhaustionReport();
  for (const series of input.series) {
    series.samples = series.samples.map((sample) =>
      sample.kind === "ports" ? { ...sample, destinations: [] } : sample,
    );
  }
  const page = renderHtml(input);
  t.notRegex(page, /data-chart="(all-)?ports"/);
  t.true(page.includes("The target was seen with no outgoing connection"));
});

test("a profile without a valid trial has no charts but stays in the comparison", (t) => {
  const input = portExhaustionReport();
  input.series = input.series.filter(({ trial }) => trial.profile !== "range");
  const page = renderHtml(input);
  t.notRegex(page, /<h2 id="profile-\d+">[^\n]*range/);
  t.true(page.includes("No charts of range: it has no valid trial."));
  t.regex(page, /<tr role="row"><th role="rowheader" scope="row"><span class="profile-name">.*?range/);
});

function later<T extends { startMs: number; endMs: number }>(windows: T[], round: number): T[] {
  const spanMs = (windows.at(-1)?.endMs ?? 0) - (windows[0]?.startMs ?? 0);
  return windows.map((window) => ({
    ...window,
    startMs: window.startMs + round * spanMs,
    endMs: window.endMs + round * spanMs,
  }));
}
