import { testNeeding } from "../helpers/parts.ts";
import type { TruthCase } from "./case.ts";
import { knownWrong } from "./known-wrong.ts";
import { runCase } from "./run-case.ts";
import { addRows, allVariable, rowOf } from "./table.ts";

/** A test for each case: what is said of it is right, but for what is known to be wrong yet. */
export function truthTests(cases: TruthCase[]): void {
  for (const one of cases.filter(({ core }) => core === true || process.env[allVariable] === "1")) {
    testNeeding(
      ["namespaces", "k6", "go", "python", ...(one.needs ?? [])],
      `${one.name}: ${one.injected}`,
      async (t) => {
        const rows = (await runCase(t, one)).map((profile) => rowOf(one, profile));
        addRows(rows);
        for (const row of rows.filter(({ judgement }) => judgement !== "not judged")) {
          const id = `${row.case}/${row.profile}`;
          const isKnown = knownWrong.includes(id);
          if (row.judgement === "right") t.false(isKnown, `${id} is right now: take it off test/truth/known-wrong.ts`);
          else t.true(isKnown, `${id} is ${row.judgement}: ${row.outcome}, named: ${row.named || "nothing"}`);
        }
      },
    );
  }
}
