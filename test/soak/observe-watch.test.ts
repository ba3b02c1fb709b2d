/** What a look that goes on says of settings that somebody changes meanwhile: they are read again too seldom for every commit. */
import { setTimeout as sleep } from "node:timers/promises";
import { observe } from "../../harness/observe/observe.ts";
import { openLook } from "../../harness/subjects/look.ts";
import { subjectOfPid } from "../../harness/subjects/subject.ts";
import { nearest } from "../helpers/live-look.ts";
import { address, openService } from "../helpers/live-service.ts";
import { testNeeding } from "../helpers/parts.ts";

testNeeding(
  ["linux", "namespaces", "ss", "go"],
  "a range of ports that is made wider is told with its new width",
  async (t) => {
    const range = "net.ipv4.ip_local_port_range";
    const { pid, load, start, inside } = await openService(t, { mode: "sleep", sysctls: { [range]: "40000 40009" } });
    await start("lazy", { PORT: "3306" });
    await load("dial", 10, 3306).ready;
    const look = await openLook(subjectOfPid(pid), { withinSeconds: 300, windowMs: 2000 });
    t.teardown(() => look.close());
    const ports = async () => {
      await sleep(500);
      return nearest(observe(look.input(2000)), "ports");
    };
    t.like(await ports(), { subject: `${address}:3306`, used: 10, of: 10, secondsToFull: 0 });
    await inside(["sysctl", "--write", `${range}=40000 40039`]);
    await load("dial", 20, 3306).ready;
    let seen = await ports();
    while (seen?.of === 10) seen = await ports();
    while (seen?.used !== 30) seen = await ports();
    t.like(seen, { used: 30, of: 40, share: 0.75 });
  },
);
