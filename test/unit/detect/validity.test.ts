import test from "ava";
import { summarizeTrial, type TrialInput } from "../../../harness/detect/summarize.ts";
import type { StopReason, SysctlReading } from "../../../harness/results/trial.ts";
import { halves, well } from "./story.ts";

test("invalid, with the reason: lost exports, dead parts, a target that never served, blind spots", (t) => {
  const reason = (more: Partial<TrialInput>) => {
    const { valid, outcome, invalidReason } = summarizeTrial({ ...well, ...more });
    t.is(valid, invalidReason === null);
    t.is(outcome === "failed", !valid);
    return invalidReason;
  };
  t.is(reason({ exports: { received: 38, failed: 2 } }), "2 of 40 exports of the generator were lost");
  const stop = (criterion: StopReason["criterion"]) => ({ stop: { criterion, atSeconds: 20, detail: "" } });
  const dead = { db: ["x", "out of disk"] };
  t.is(reason({ deaths: dead, ...stop("upstream-died") }), "db ended under load: out of disk");
  t.is(reason({ deaths: { generator: [] }, ...stop("generator-died") }), "generator ended under load");
  const lost = { criterion: "part-lost", atSeconds: 20, detail: "db's pod ended under load: it was deleted" } as const;
  t.is(reason({ stop: lost }), lost.detail);
  t.is(reason({ windows: halves(0, 20, 0, 1) }), "no request was completed");
  const refused = [{ kind: "ECONNREFUSED", side: "target" as const, count: 10 }];
  t.is(reason({ windows: halves(0, 20, 10, 1, { faults: refused }) }), "the target never served a request");
  const blind = well.samples.filter(({ atMs }) => atMs < 8000 || atMs > 14000);
  t.is(reason({ samples: blind }), "the target was not watched for 6.2 s of the load: the harness was held up");
  t.is(reason({}), null);
});

test("invalid: a setting that did not take, or changed under load; white space is no difference", (t) => {
  const key = "net.ipv4.ip_local_port_range";
  const reading: SysctlReading = {
    role: "target",
    key,
    asked: "1024 65535",
    before: "32768\t60999",
    effective: "1024\t65535",
    after: "1024\t65535",
    origin: "profile",
  };
  const reason = (more: Partial<SysctlReading>) =>
    summarizeTrial({ ...well, sysctls: [{ ...reading, ...more }] }).invalidReason;
  t.is(reason({}), null);
  t.is(reason({ effective: "32768\t60999" }), `${key} of target did not take: asked 1024 65535, found 32768 60999`);
  t.is(reason({ effective: null }), `${key} of target did not take: asked 1024 65535, found unreadable`);
  t.is(reason({ after: "9 10" }), `${key} of target changed during the trial: 1024 65535 before the load, 9 10 after`);
  const unread = summarizeTrial({ ...well, sysctls: [{ ...reading, after: null }] });
  t.true(unread.valid);
  t.true(unread.doubts.some(({ code }) => code === "not-read-back"));
});
