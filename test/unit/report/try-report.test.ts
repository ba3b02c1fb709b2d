import test from "ava";
import { renderTerminal } from "../../../harness/report/terminal.ts";
import { type Tried, tryReport } from "../../../harness/report/try-report.ts";
import { noScriptCounts } from "../../../harness/results/script-counts.ts";
import { treeFile } from "../../helpers/cli.ts";
import { isGolden } from "../../helpers/golden.ts";
import { trialRecord } from "../../helpers/trial-builder.ts";

const get = {
  method: "GET",
  url: "http://198.18.0.2:8080/items/7",
  status: 200,
  error: "",
  body: "blue",
  characters: 4,
};
const long = "a long page of an error, with a line end\nand a cursor's move \u001b[2J ".repeat(3).slice(0, 200);

const works: Tried = {
  suite: "colours",
  profile: "baseline",
  ratePerSecond: 10,
  trial: trialRecord({
    iterations: 31,
    requests: 62,
    successes: 60,
    faults: [{ kind: "HTTP 404", side: "target", count: 2 }],
    script: {
      ...noScriptCounts,
      checks: [
        { name: "is 200", passed: 31, failed: 0 },
        { name: "is red", passed: 0, failed: 31 },
      ],
    },
    references: { "env.DB_PASSWORD": "(redacted)", "target.address": "198.18.0.2:8080" },
  }),
  responses: [
    get,
    get,
    { ...get, method: "POST", url: "http://198.18.0.2:8080/new", status: 404, body: long, characters: 4000 },
  ],
  logs: [
    { name: "k6", lines: [] },
    { name: "target", lines: ["listening", "request 1 took 3 ms", "request 2 took 5 ms"] },
  ],
};

const unreachable: Tried = {
  ...works,
  trial: trialRecord({ valid: false, invalidReason: { code: "no-request-completed" }, outcome: "failed" }),
  responses: [{ ...get, status: 0, error: "dial: connection refused", body: null, characters: null }],
};

test("what a suite's first trial shows", (t) => {
  const style = { width: 80, color: false };
  const texts = [works, unreachable].map((tried) => renderTerminal(tryReport(tried), style));
  isGolden(t, texts.join("\n---\n\n"), treeFile("test/fixtures/report/try.golden.txt"));
});

test("a failed request is said before a failed check, and neither where all is well", (t) => {
  const { trial } = works;
  const headline = (changes: object) => tryReport({ ...works, trial: { ...trial, ...changes } }).headline;
  t.is(headline({}), "colours runs, but 2 of 62 requests failed: HTTP 404 x 2.");
  t.is(headline({ faults: [] }), "colours runs, but 1 check of its script failed.");
  t.is(headline({ faults: [], script: noScriptCounts }), "colours works: 62 requests, all of them answered.");
});
