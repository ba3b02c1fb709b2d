import test from "ava";
import { caveatCodes, caveatLines, caveatNamed } from "../../../harness/report/explain-caveat.ts";
import { caveatNotes } from "../../../harness/report/words/caveat-notes.ts";
import { caveatShape } from "../../../harness/results/caveats.ts";
import { madePartIs, tableOf } from "../../helpers/made-page.ts";

test("docs/caveats.md has every caveat", (t) => {
  const rows = caveatCodes().map((code) => {
    const { meaning, remedy } = caveatNotes[code];
    return [`\`${code}\``, meaning, remedy ?? ""];
  });
  madePartIs(t, "docs/caveats.md", `${tableOf(["caveat", "what it means", "what helps"], ...rows)}\n`);
  const codes = caveatShape.options.map(({ shape }) => shape.code.value);
  t.deepEqual(caveatCodes().toSorted(), codes.toSorted());
});

test("a caveat is found by its code, whatever its case", (t) => {
  t.is(caveatNamed("Shared-CPUs"), "shared-cpus");
  t.is(caveatNamed("port-exhaustion"), null);
  for (const code of caveatCodes()) t.true(caveatLines(code).length >= 2, code);
});
