import test from "ava";
import {
  type Kind,
  kinds,
  type Rates,
  ratesOfBelieving,
  ratesOfFind,
  ratesOfOneAtATime,
} from "../helpers/find-claims.ts";

/** Prints the tables of docs/find.md, from thousands of experiments with fixed seeds. */
const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
const experiments = 1000;
const names = Object.keys(kinds) as Kind[];
const row = (...cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
const of = ({ right, wrong, trials }: Rates) => [percent(right), percent(wrong), trials.toFixed(0)];

for (const kind of names) {
  test(`${kind}, effects of three times the noise: exactly the right keys, a wrong one, trials`, (t) => {
    for (const candidates of [8, 10, 16]) {
      for (const isCensored of kind === "nothing helps" ? [false] : [false, true]) {
        const rates = [0.02, 0.05, 0.1].map((noise) => {
          return ratesOfFind({ kind, candidates, noise, times: 3, isCensored, experiments });
        });
        t.log(row(kind, candidates, isCensored ? "yes" : "no", ...rates.flatMap(of)));
        for (const { right, wrong, most } of rates) {
          t.true(right >= (kind === "nothing helps" ? 0.97 : 0.95), `${kind}, ${candidates}: ${percent(right)} right`);
          t.true(wrong <= 0.02, `${kind}, ${candidates}: ${percent(wrong)} wrong`);
          t.true(most <= 60);
        }
      }
    }
  });
}

for (const kind of names.filter((name) => name !== "nothing helps")) {
  test(`${kind}: power, by the effect over the noise`, (t) => {
    for (const candidates of [8, 16]) {
      const rates = [1, 1.5, 2, 3, 5].map((times) => {
        return ratesOfFind({ kind, candidates, noise: 0.05, times, experiments });
      });
      t.log(row(kind, candidates, ...rates.map(({ right, wrong }) => `${percent(right)} (${percent(wrong)})`)));
      t.true(rates.every(({ wrong }) => wrong <= 0.02));
    }
  });
}

test("blocks that drift by as much as a trial's noise", (t) => {
  for (const kind of names) {
    const rates = ratesOfFind({ kind, candidates: 8, noise: 0.05, times: 3, drift: 1, experiments });
    t.log(row(kind, 8, ...of(rates)));
    t.true(rates.wrong <= 0.02);
  }
});

test("beside one key at a time in ten blocks, and beside an optimiser that believes one sample each", (t) => {
  for (const kind of names.filter((name) => name !== "one key, another named")) {
    const claimed = { kind, candidates: 10, noise: 0.05, times: 3, experiments };
    const rates = [ratesOfFind(claimed), ratesOfOneAtATime(claimed), ratesOfBelieving(claimed, 60)];
    t.log(row(kind, ...rates.flatMap(of)));
    t.true((rates[0]?.right ?? 0) >= 0.95, kind);
  }
});
