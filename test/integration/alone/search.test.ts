/** A search for a rate that is known by arithmetic, ended in the middle and taken up again; test/soak/search.test.ts has two profiles. */
import { findsWhatIsKnown } from "../../helpers/known-search.ts";
import { testNeeding } from "../../helpers/parts.ts";

testNeeding(
  ["namespaces", "k6"],
  "a search finds the rate that two servers of 10 ms allow, and goes on where it was interrupted",
  async (t) => {
    const { stderr, report } = await findsWhatIsKnown(t, {
      edit(suite) {
        suite.setIn(["target", "env", "SERVERS"], "2");
        suite.set("profiles", { baseline: {} });
        suite.setIn(["objective", "sustainable-rate", "precision"], "50%");
      },
      interruptedIn: 3,
      limits: { baseline: 200 },
    });
    t.regex(stderr, /baseline [\d.]+\/s kept/);
    t.regex(report, /\| baseline\b.*? \| \*\*[\d.]+\/s\*\*/);
  },
);
