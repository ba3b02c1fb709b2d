/** Softirqs of one CPU at a half, nine tenths and all: packets from another namespace, through a packet filter that takes long for each, as a node's with thousands of Services does. */
import { availableParallelism } from "node:os";
import { lookAt, nearest } from "../helpers/live-look.ts";
import { openService } from "../helpers/live-service.ts";
import { testNeeding } from "../helpers/parts.ts";

const [sender, receiver] = ["198.18.9.1", "198.18.9.2"];
/** So many times a packet passes so many rules: half a millisecond of softirq, beside which sending it is next to nothing. */
const [times, rules] = [512, 128];
const cpu = availableParallelism() - 1;
/** Niceness counts among the processes of a session alone (sched(7), autogroup): the session's own is set as well. */
const first = ["setsid", "sh", "-c", 'echo -20 > /proc/self/autogroup; exec "$@"', "sh", "nice", "-n", "-20"];
/** Its packets are received where they are sent, and whoever else wants that CPU gets little of it. */
const through = [...first, "taskset", "--cpu-list", String(cpu)];

testNeeding(["linux", "root", "namespaces", "ss", "go", "conntrack"], "softirqs of one CPU", async (t) => {
  const far = await openService(t, { mode: "sleep" });
  const near = await openService(t, { mode: "sleep" });
  const peer = ["peer", "name", "wire", "netns", String(far.holderPid)];
  await near.inside(["ip", "link", "add", "wire", "type", "veth", ...peer]);
  for (const [{ inside }, address] of [
    [near, sender],
    [far, receiver],
  ] as const) {
    await inside(["ip", "address", "add", `${address}/30`, "dev", "wire"]);
    await inside(["ip", "link", "set", "wire", "up"]);
  }
  const passed = Array.from({ length: rules }, (_, n) => `ip saddr 198.19.0.${n} drop`).join("; ");
  const passes = Array.from({ length: times }, () => "jump rules").join("; ");
  const hook = "type filter hook prerouting priority 0";
  await far.filter(`table ip long { chain rules { ${passed}; }; chain in { ${hook}; ${passes}; drop; }; }`);

  let perSecond = 500;
  /** Finds the rate at which the CPU spends such a share of its time in softirqs, by what the rate before it came to. */
  const driven = async (share: number) => {
    for (let tries = 0; tries < 6; tries++) {
      const load = near.load("cast", perSecond, `udp://${receiver}:9/`, through);
      await load.ready;
      const observation = await lookAt(far.pid, 3000);
      load.stop();
      const limit = nearest(observation, "softirq");
      t.log(`${Math.round(perSecond)} a second: ${limit?.subject} ${limit?.used}`);
      if (limit?.subject === `CPU ${cpu}` && Math.abs(limit.used - share) < 0.05) return observation;
      perSecond *= Math.min(4, share / Math.max(0.02, limit?.used ?? 0));
    }
    return null;
  };

  t.not(await driven(0.5), null);
  const most = await driven(0.9);
  t.is(most?.outlook.kind, "high");
  t.is(most?.limits[0]?.limit, "softirq");
  near.load("cast", 4 * perSecond, `udp://${receiver}:9/`, through);
  let full = await lookAt(far.pid, 3000);
  for (let tries = 0; tries < 4 && full.outlook.kind !== "reached"; tries++) full = await lookAt(far.pid, 3000);
  t.is(full.outlook.kind, "reached");
  t.like(full.limits[0], { limit: "softirq", subject: `CPU ${cpu}`, secondsToFull: 0 });
});
