/** The long form of test/integration/alone/search.test.ts: two profiles, to the fixture's own precision. */
import { findsWhatIsKnown } from "../helpers/known-search.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(
  ["namespaces", "k6"],
  "a search finds the rate that k servers of 10 ms allow, and goes on where it was interrupted",
  async (t) => {
    t.timeout(10 * 60_000);
    const { stderr, report } = await findsWhatIsKnown(t, { interruptedIn: 4, limits: { baseline: 100, two: 200 } });
    t.regex(stderr, /two 120\/s kept/);
    t.regex(report, /\| two\b.*? \| \*\*[\d.]+\/s\*\*/);
  },
);
