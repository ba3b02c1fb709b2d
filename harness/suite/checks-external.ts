import type { Path } from "./document.ts";
import { startedOnlyKeys } from "./external-address.ts";
import type { Checked, Written } from "./written.ts";

/** What is there already is never started: nothing that says how stands beside it. */
export function checkExternal(path: Path, { written, report }: Checked): void {
  for (const key of [...startedOnlyKeys, "replicas"].filter((each) => written.has([...path, each]))) {
    report([...path, key], `this can't stand beside external: the service is there already and never started`, "key");
  }
}

/** An external target is watched, and nothing is asked for that would change it. */
export function checkExternalTarget(checked: Checked): void {
  const { written, report } = checked;
  checkExternal(["target"], checked);
  if (!written.has(["target", "observe"])) {
    const what = "a container that reads /proc is put into each of its pods, and ends by itself";
    report(["target"], `"observe" is missing; give observe: pods: ${what}`, "key");
  }
  if (written.has(["upstreams"])) {
    report(["upstreams"], "the target is external: what it calls is there already, too; leave this out", "key");
  }
  for (const path of changesOfTarget(written)) {
    const why = "the target is external: nothing of it is changed; a profile may have generator and load";
    report(path, `${why}, or give its manifest in place of external`, "key");
  }
}

/** What is said beside `external` alone. */
export function checkObserve({ written, report }: Checked): void {
  if (!written.has(["target", "observe"])) return;
  report(["target", "observe"], "what a run starts itself is always watched; leave this out", "key");
}

/** Where a profile, a factor or a lever would change something of the target. */
function changesOfTarget(written: Written): Path[] {
  const profiles = written.keys(["profiles"]).flatMap((name) => {
    const path = ["profiles", name];
    return written
      .keys(path)
      .filter((key) => key !== "generator" && key !== "load")
      .map((key) => [...path, key]);
  });
  const factors = written.keys(["factors"]).flatMap((name) => {
    const path = ["factors", name];
    return written
      .keys(path)
      .filter((key) => !/^(?:generator|load)\./.test(key))
      .map((key) => [...path, key]);
  });
  const levers = written.has(["find", "levers"]) ? [["find", "levers"]] : [];
  return [...profiles, ...factors, ...levers];
}
