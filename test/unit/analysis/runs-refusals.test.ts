import test from "ava";
import { renderRunsMarkdown } from "../../../harness/report/gate/markdown.ts";
import { renderRunsTerminal } from "../../../harness/report/gate/terminal.ts";
import { routesRun } from "../../helpers/routes-report.ts";
import type { StoredRun } from "../../helpers/stories.ts";
import { compareStoredRuns } from "../../helpers/told.ts";

/** The second of two runs, in which a route is open that was not, and one is closed. */
function later(): StoredRun {
  const { run, trials } = routesRun();
  const taken = trials.find(({ profile }) => profile === "pod-sysctls");
  const refused = trials.find(({ profile }) => profile === "capabilities-init");
  if (taken === undefined || refused === undefined) throw new Error("the fixture has both");
  return {
    run: { ...run, id: "20261122T080225Z-port-exhaustion-aaaa" },
    trials: trials.map((trial) => {
      const { sequence, block, profile } = trial;
      if (profile === "capabilities-init") return { ...taken, sequence, block, profile };
      return profile === "privileged-init" ? { ...refused, sequence, block, profile } : trial;
    }),
  };
}

test("between two runs a route that opened or closed is told first, and what is refused in both is no comparison", (t) => {
  const side = (story: StoredRun) => ({ ...story, unreadable: [] });
  const compared = compareStoredRuns(side(routesRun()), side(later()));
  t.regex(
    compared.sentence,
    /^Profile privileged-init is refused in the second run only\. Profile capabilities-init is refused in the first run only\. /,
  );
  t.deepEqual(
    compared.profiles.map(({ profile }) => profile),
    ["baseline", "pod-sysctls"],
  );
  t.is(compared.refusals.length, 3);
  t.regex(
    compared.toldRefusals[0] ?? "",
    /^privileged-init is refused in the second run only: sysctl: .*Read-only file system$/,
  );
  t.regex(compared.toldRefusals[2] ?? "", /^host-network is refused in both runs: Pod /);
  t.true(
    renderRunsTerminal(compared, { width: 80, color: false }).includes("Refused by the platform\n  - privileged-init"),
  );
  t.true(renderRunsMarkdown(compared).includes("Refused by the platform:\n\n- privileged-init is refused"));
});

test("of two runs in which nothing was refused nothing is said of it", (t) => {
  const { run, trials } = routesRun();
  const open = trials.filter(({ outcome }) => outcome !== "refused");
  const compared = compareStoredRuns({ run, trials: open, unreadable: [] }, { run, trials: open, unreadable: [] });
  t.deepEqual(compared.refusals, []);
  t.notRegex(compared.sentence, /refused/);
});
