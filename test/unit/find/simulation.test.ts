import test from "ava";
import { type Kind, kinds, ratesOfFind } from "../../helpers/find-claims.ts";

/** The short form of test/soak/find.test.ts: what docs/find.md promises, of few experiments with fixed seeds. */
const experiments = 60;

for (const kind of Object.keys(kinds) as Kind[]) {
  for (const isCensored of kind === "nothing helps" ? [false] : [false, true]) {
    test(`${kind}${isCensored ? ", censored" : ""}: exactly the right keys, seldom a wrong one, in 60 trials`, (t) => {
      const rates = ratesOfFind({ kind, isCensored, candidates: 8, noise: 0.05, times: 3, experiments });
      t.true(rates.right >= (kind === "nothing helps" ? 0.97 : 0.95), JSON.stringify(rates));
      t.true(rates.wrong <= 0.02, JSON.stringify(rates));
      t.true(rates.most <= 60);
    });
  }
}
