import test from "ava";
import type { ProfileAnalysis } from "../../../harness/analysis/analysis.ts";
import { refusalWords, routesSentence } from "../../../harness/report/words/routes.ts";
import * as told from "../../../harness/report/words/verdict.ts";
import type { RunRecord } from "../../../harness/results/run.ts";
import { readOnly, routesReport, routesRun } from "../../helpers/routes-report.ts";
import { portExhaustionRun, storedRun } from "../../helpers/stories.ts";
import { analyze } from "../../helpers/told.ts";
import { exhaustedTrial, profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

function verdictOf(change: (run: RunRecord) => void): string {
  const { run, trials } = routesRun();
  change(run);
  return analyze(run, trials).verdict;
}

test("where routes are compared the first sentence says which deliver and which are refused, in the platform's words", (t) => {
  const { run, analysis } = routesReport();
  const { routes, profiles } = analysis;
  const verdict = told.verdictOf(run, analysis);
  t.regex(
    verdict,
    /^Delivered by pod-sysctls and privileged-init; refused: capabilities-init \(Read-only file system\), host-network \(may not be specified when 'hostNetwork' is true\)\. Profiles pod-sysctls/,
  );
  t.notRegex(verdict, /refused by the platform/);
  t.deepEqual(routes.slice(0, 3), [
    { route: "pod-sysctls", delivered: ["pod-sysctls"], refused: [] },
    { route: "privileged-init", delivered: ["privileged-init"], refused: [] },
    { route: "capabilities-init", delivered: [], refused: ["capabilities-init"] },
  ]);
  t.deepEqual(profiles.find(({ name }) => name === "capabilities-init")?.refusal, readOnly);
});

test("a profile that asks for no setting shows nothing of its route; one that was never measured neither", (t) => {
  const { run, trials } = routesRun();
  for (const profile of run.profiles) profile.sysctls = {};
  t.regex(analyze(run, trials).verdict, /^No route delivered its settings; refused: capabilities-init/);
  const only = routesRun();
  const invalid = only.trials.map((trial) =>
    trial.profile === "privileged-init"
      ? {
          ...trial,
          valid: false,
          invalidReason: { code: "part-lost" as const, words: "lost" },
          outcome: "failed" as const,
        }
      : trial,
  );
  t.regex(analyze(only.run, invalid).verdict, /^Delivered by pod-sysctls; refused:/);
});

test("by one route one key may come through and another not: then the profiles are named", (t) => {
  const verdict = verdictOf((run) => {
    for (const profile of run.profiles) if (profile.name === "capabilities-init") profile.route = "pod-sysctls";
  });
  t.regex(
    verdict,
    /^Delivered by pod-sysctls and privileged-init; refused: pod-sysctls for capabilities-init \(Read-only/,
  );
});

test("with one route for all a refused profile is told where the others without a measurement are", (t) => {
  const verdict = verdictOf((run) => {
    for (const profile of run.profiles) profile.route = "pod-sysctls";
  });
  t.notRegex(verdict, /Delivered/);
  t.regex(verdict, /Profile capabilities-init was refused by the platform \(Read-only file system\)\./);
});

test("on this machine there are no routes, and nothing is said of them", (t) => {
  const { run, trials } = portExhaustionRun(2);
  const { routes, verdict, profiles } = analyze(run, trials);
  t.deepEqual(routes, []);
  t.notRegex(verdict, /Delivered|route/);
  t.true(profiles.every(({ route, refusal }) => route === null && refusal === null));
  t.is(routesSentence(routes, profiles), null);
});

test("of the platform's words the end is quoted, with what it needs to be understood", (t) => {
  const told = (words: string) => refusalWords({ refusal: { ...readOnly, words } } as ProfileAnalysis)[0];
  t.is(
    told('forbidden sysctl: "net.core.somaxconn" not allowlisted'),
    'forbidden sysctl: "net.core.somaxconn" not allowlisted',
  );
  t.is(told("a: b: Permission denied.\n"), "Permission denied");
  t.is(told("plain"), "plain");
  t.is(told("x".repeat(200))?.length, 93);
});

test("another node image or container image is what a profile changes", (t) => {
  const { run, trials } = storedRun(2, [
    [profileRecord("baseline"), exhaustedTrial],
    [{ ...profileRecord("new"), image: "app:2" }, trialRecord],
  ]);
  t.regex(analyze(run, trials).verdict, /^Profile new \(image app:2\) removes the wall within 52 s\./);
});
