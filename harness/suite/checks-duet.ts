import { measureOf } from "../core/measures.ts";
import type { Path } from "./document.ts";
import { shown } from "./problems.ts";
import { isOfDuets } from "./schema-compare.ts";
import type { Checked } from "./written.ts";

/** A duet is one load on two profiles at the same time: what needs a load, a machine or a moment of its own for each is refused. */
export function checkDuet(checked: Checked): void {
  const { written, report } = checked;
  for (const [path, text] of notInDuets) if (written.has(path)) report(path, text, "key");
  checkPair(checked);
  checkSharedParts(checked);
  checkAsked(checked);
}

const notInDuets: [Path, string][] = [
  [["factors"], "a duet is of two profiles; give them under profiles, or leave design: duet out"],
  [["objective"], "a search asks each profile for rates of its own, a duet asks both for the same; use one of them"],
  [["conditions"], "a duet has one steady load; use it without conditions, or leave design: duet out"],
  [["find"], "a find tries one arm after the other; use it without design: duet"],
  [["route"], "a duet runs on this machine, where settings are written as they are; leave this out"],
];

function checkPair({ sections, written, report }: Checked): void {
  const count = written.keys(["profiles"]).length;
  if (!written.has(["factors"]) && count !== 2) {
    const path: Path = written.has(["profiles"]) ? ["profiles"] : ["design"];
    report(path, `a duet is of two profiles, ${count === 0 ? "there are none" : `these are ${count}`}`, "key");
  }
  if (sections.recheck !== undefined && sections.recheck > 0)
    report(["recheck"], "every block of a duet has both profiles; give it more blocks, and leave this out", "key");
  if (written.text(["load", "engine"]) === "locust")
    report(
      ["load", "engine"],
      "a locustfile's users know one target, a duet has two; use k6, or leave design: duet out",
    );
  const cluster = written.text(["cluster"]);
  if (cluster !== null && cluster !== "local")
    report(["cluster"], "a duet needs both parts on one machine's CPUs; leave this out, or design: duet");
  if ((written.number(["target", "replicas"]) ?? 1) > 1)
    report(["target", "replicas"], "each profile of a duet is one copy of the target; leave this out", "key");
}

/** What the two profiles share can't be another's for each. */
const shared: Record<string, string> = {
  generator: "one generator loads both profiles of a duet, so its settings belong to neither; put them under generator",
  upstreams: "both profiles of a duet have the same upstreams, so their settings belong to neither; put them there",
  load: "both profiles of a duet get the same load; leave this out",
  nodeSelector: "both profiles of a duet run on one machine; leave this out",
  image: "this is about pods; a duet runs on this machine: leave it out",
  route: "this is about pods; a duet runs on this machine: leave it out",
};

function checkSharedParts({ written, report }: Checked): void {
  for (const profile of written.keys(["profiles"])) {
    for (const [key, text] of Object.entries(shared)) {
      const path = ["profiles", profile, key];
      if (written.has(path)) report(path, text, "key");
    }
  }
}

/** Walls and rates: each gets half of one load, and what either could take beyond is not asked. */
function checkAsked({ sections, written, report }: Checked): void {
  for (const { name } of sections.compare?.judged ?? []) {
    if (isOfDuets(name)) continue;
    const text = `a duet shows no ${measureOf(name).family === "throughput" ? "rate" : "wall"}: both profiles get half of one load; use latencies, faultRatio or cpuMsPerRequest`;
    report(["compare", "measures", name], text, "key");
  }
  for (const name of written.keys(["goals"])) {
    const goal = sections.goals?.find(({ measure }) => measure === name);
    if (goal === undefined || isOfDuets(goal.measure)) continue;
    report(["goals", name], `in a duet ${shown(name)} is that of half the load; use latencies or faultRatio`, "key");
  }
}
