/** The long form of test/unit/deliver/hostile-files.test.ts: 2,000 files of a user's for each platform. */
import test from "ava";
import { platformNames } from "../../harness/deliver/platform-names.ts";
import { mergesOrRefuses } from "../helpers/hostile-files.ts";

for (const platform of platformNames) {
  test.serial(`${platform}: 2,000 files of YAML or text`, (t) => {
    t.timeout(600_000);
    mergesOrRefuses(t, platform, 2000);
  });
}
