/** The story of test/fixtures/whole as root: as test/integration/run-whole.test.ts has it as an ordinary user. */
import { testNeeding } from "../helpers/parts.ts";
import { openWorld } from "../helpers/whole-run.ts";
import { halved, tellsWhole } from "../helpers/whole-story.ts";

testNeeding(["namespaces", "k6", "root"], "as root: the whole story, told whole, nothing left", async (t) => {
  await tellsWhole(t, await openWorld(t, { edit: halved }), { asNobody: false });
});
