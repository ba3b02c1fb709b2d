import test from "ava";
import { progressOf } from "../../../harness/experiment/progress-of.ts";
import { createRecording } from "../../../harness/experiment/recording.ts";
import type { SettingReading } from "../../../harness/testbeds/testbed.ts";

const planned = { sequence: 1, block: 1, profile: "a" };

function range(role: string): SettingReading {
  const effective = "1000 1099";
  return { role, key: "net.ipv4.ip_local_port_range", asked: null, before: effective, effective, origin: "recorded" };
}

test("the port bar shows the busiest copy's last look, and none where nothing is known", (t) => {
  const recording = createRecording();
  const settings = [range("target"), range("target-2"), range("db")];
  t.like(progressOf(planned, recording, settings), { portUseRatio: null });
  const look = (role: string, timeWait: number) =>
    recording.samples.push({ kind: "sockets", atMs: 0, role, timeWait, inUse: 0 });
  look("target-2", 90);
  look("target", 10);
  look("target-2", 40);
  look("db", 99);
  t.like(progressOf(planned, recording, settings), { portUseRatio: 0.4 });
  t.like(progressOf(planned, recording, [range("db")]), { portUseRatio: null });
});
