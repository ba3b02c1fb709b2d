import { readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Server } from "node:net";
import { PartFailure } from "../../harness/testbeds/part-failure.ts";
import type { SettingReading } from "../../harness/testbeds/testbed.ts";
import { fetchInside, urlOf } from "../helpers/inside.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, profileOf, reference, suiteOf, withStage } from "../helpers/suites.ts";

const http = { check: { kind: "http", path: "/healthz" }, withinMs: 20_000 } as const;
const relay = { UPSTREAM: reference("upstreams.db.address") };

for (const ipVersion of [4, 6] as const) {
  testNeeding(
    ["namespaces"],
    `IPv${ipVersion}: generator reaches target, target its upstream, nobody else`,
    async (t) => {
      const target = echoPart({ ready: http, env: relay });
      const suite = suiteOf({ ipVersion, target, upstreams: { db: echoPart({ port: 9000 }) } });
      await withStage({ suite }, async (stage) => {
        await stage.startPart("db");
        await stage.startPart("target");
        const answer = JSON.parse(await fetchInside(stage, "generator", `${urlOf(stage, "target", 8080)}/upstream`));
        t.is(answer.env.PORT, "9000");
        t.is(answer.env.LISTEN_HOST, ipVersion === 6 ? "::" : "0.0.0.0");
        t.is(answer.peer, ipVersion === 6 ? "2001:2:0:1::1" : "198.18.1.1");
        t.regex(await fetchInside(stage, "generator", urlOf(stage, "db", 9000)), /ENETUNREACH|EHOSTUNREACH/);
        t.is(JSON.parse(await fetchInside(stage, "db", urlOf(stage, "target", 8080))).env.PORT, "8080");
      });
    },
  );
}

testNeeding(["namespaces"], "settings are written inside, before the part starts, and read back", async (t) => {
  const machine = readFileSync("/proc/sys/net/core/somaxconn", "utf8");
  const profile = profileOf({
    sysctls: { "net.core.somaxconn": "99", "net.ipv4.ip_local_port_range": "20000   30001", "kernel.shmmni": "128" },
    generatorSysctls: { "net.ipv4.tcp_max_tw_buckets": "5000" },
  });
  const suite = suiteOf({ target: echoPart({ env: { BACKLOG: "65535" } }) });
  await withStage({ suite, profile }, async (stage) => {
    t.like(settingOf(stage.settings, "target", "net.core.somaxconn"), {
      asked: "99",
      effective: "99",
      origin: "profile",
    });
    t.is(settingOf(stage.settings, "target", "net.ipv4.ip_local_port_range")?.effective, "20000 30001");
    t.is(settingOf(stage.settings, "target", "kernel.shmmni")?.effective, "128");
    t.like(settingOf(stage.settings, "target", "net.ipv4.tcp_max_tw_buckets"), {
      effective: "262144",
      origin: "pinned",
    });
    t.like(settingOf(stage.settings, "generator", "net.ipv4.tcp_max_tw_buckets"), {
      effective: "5000",
      origin: "profile",
    });
    t.like(settingOf(stage.settings, "generator", "net.core.somaxconn"), { asked: null, origin: "recorded" });
    await stage.startPart("target");
    t.is(await stage.listenLimit("target", 8080), 99);
    t.is(await stage.listenLimit("target", 8081), null);
    t.deepEqual(await stage.readBack(), stage.settings);
  });
  t.is(readFileSync("/proc/sys/net/core/somaxconn", "utf8"), machine);
});

testNeeding(["namespaces"], "a value that the kernel changes silently comes back as the kernel has it", async (t) => {
  const profile = profileOf({ sysctls: { "net.ipv4.ip_local_reserved_ports": "8080,8081" } });
  await withStage({ profile }, async (stage) => {
    const reading = settingOf(stage.settings, "target", "net.ipv4.ip_local_reserved_ports");
    t.like(reading, { asked: "8080,8081", before: "", effective: "8080-8081" });
  });
});

testNeeding(["namespaces"], "a setting that a part changes is seen by the next reading", async (t) => {
  await withStage({}, async (stage) => {
    const logFile = "/dev/null";
    const argv = [process.execPath, "-e", 'require("fs").writeFileSync("/proc/sys/net/core/somaxconn", "55")'];
    await (await stage.hands.spawn("target", { argv, env: {}, cwd: "/", logFile, cpus: null })).ended;
    t.is(settingOf(await stage.readBack(), "target", "net.core.somaxconn")?.effective, "55");
    t.not(settingOf(stage.settings, "target", "net.core.somaxconn")?.effective, "55");
  });
});

testNeeding(
  ["namespaces", "root"],
  "receive packet steering is written to the target's interfaces and read back",
  async (t) => {
    const suite = suiteOf({ upstreams: { db: echoPart({ port: 9000 }) } });
    await withStage({ suite, profile: profileOf({ rps: "1" }) }, async (stage) => {
      t.regex((await stage.rpsCpus("target")) ?? "", /^[0,]*1$/);
      t.regex((await stage.rpsCpus("generator")) ?? "", /^[0,]+$/);
    });
  },
);

testNeeding(
  ["namespaces"],
  "parts get their folder, their references and a small environment, and no secret of ours",
  async (t) => {
    process.env.TUNEBENCH_TEST_SECRET = "hunter2";
    const references = ["folder", "data", "target.address"].map(reference);
    const target = echoPart({ command: ["node", "echo.ts", ...references], cpus: "0", env: { PLAIN: "a b" } });
    await withStage({ suite: suiteOf({ target }) }, async (stage, { dataFolder }) => {
      const running = await stage.startPart("target");
      const told = JSON.parse(await fetchInside(stage, "generator", urlOf(stage, "target", 8080)));
      t.deepEqual(told.argv, [suiteOf().folder, dataFolder, "198.18.0.2:8080"]);
      t.is(told.cwd, suiteOf().folder);
      t.deepEqual(Object.keys(told.env).sort(), ["HOME", "LANG", "LISTEN_HOST", "PATH", "PLAIN", "PORT"]);
      t.regex(readFileSync(`/proc/${running.pid}/status`, "utf8"), /^Cpus_allowed_list:\s+0$/m);
      t.regex(readFileSync(`/proc/${running.pid}/cmdline`, "utf8"), /node\0echo\.ts/);
    });
    delete process.env.TUNEBENCH_TEST_SECRET;
  },
);

testNeeding(["namespaces"], "a part that dies while it is awaited is told at once, with its last lines", async (t) => {
  const suite = suiteOf({ target: echoPart({ command: ["node", "dies.ts"], ready: { ...http, withinMs: 60_000 } }) });
  await withStage({ suite }, async (stage, { logFolder }) => {
    const failure = await t.throwsAsync(stage.startPart("target"), { instanceOf: PartFailure });
    t.like(failure, { role: "target", exitCode: 4, lastLines: ["about to start", "cannot open table: no such file"] });
    t.regex(failure?.message ?? "", /exit code 7/);
    t.regex(await readFile(`${logFolder}/target.log`, "utf8"), /cannot open table/);
  });
});

testNeeding(["namespaces"], "a part that listens on loopback only is not ready, and the reason is said", async (t) => {
  const ready = { check: { kind: "tcp" }, withinMs: 1500 } as const;
  await withStage({ suite: suiteOf({ target: echoPart({ env: { BIND: "127.0.0.1" }, ready }) }) }, async (stage) => {
    const failure = await t.throwsAsync(stage.startPart("target"), { instanceOf: PartFailure });
    t.regex(failure?.hint ?? "", /loopback only/);
  });
});

testNeeding(["namespaces"], "a line of the log makes a part ready; its end and its signal are seen", async (t) => {
  const ready = { check: { kind: "log", text: "listening on" }, withinMs: 20_000 } as const;
  await withStage({ suite: suiteOf({ target: echoPart({ ready }) }) }, async (stage) => {
    const running = await stage.startPart("target");
    t.deepEqual(stage.hands.watch("target").partPids(), [running.pid]);
    t.is(
      readlinkSync(`/proc/${running.pid}/ns/net`),
      readlinkSync(`/proc/${stage.hands.watch("target").namespacePid}/ns/net`),
    );
    running.signal("SIGTERM");
    t.deepEqual(await running.ended, { exitCode: null, signal: "SIGTERM" });
    t.deepEqual(stage.hands.watch("target").partPids(), []);
  });
});

testNeeding(["namespaces"], "the readiness check leaves no socket behind", async (t) => {
  await withStage({ suite: suiteOf({ target: echoPart({ ready: http }) }) }, async (stage) => {
    await stage.startPart("target");
    for (const role of ["target", "generator"]) {
      t.regex(readFileSync(`/proc/${stage.hands.watch(role).namespacePid}/net/sockstat`, "utf8"), /^TCP: .* tw 0 /m);
    }
  });
});

testNeeding(["namespaces"], "a server of ours answers inside the generator's namespace", async (t) => {
  await withStage({}, async (stage) => {
    const server: Server = await stage.hands.listen("generator", 4318);
    server.on("connection", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    t.is(await fetchInside(stage, "generator", "http://127.0.0.1:4318/"), "hello");
    t.regex(await fetchInside(stage, "target", "http://127.0.0.1:4318/"), /ECONNREFUSED/);
    await t.throwsAsync(stage.hands.listen("generator", 4318), { message: /EADDRINUSE/ });
  });
});

testNeeding(["namespaces"], "two stages at once have the same addresses and do not meet", async (t) => {
  const stageWith = (somaxconn: string) =>
    withStage({ profile: profileOf({ sysctls: { "net.core.somaxconn": somaxconn } }) }, async (stage) => {
      await stage.startPart("target");
      const told = JSON.parse(await fetchInside(stage, "generator", urlOf(stage, "target", 8080)));
      t.is(told.env.PORT, "8080");
      t.is(settingOf(await stage.readBack(), "target", "net.core.somaxconn")?.effective, somaxconn);
    });
  await Promise.all([stageWith("100"), stageWith("200")]);
});

testNeeding(["namespaces"], "teardown ends parts that ignore SIGTERM, and their grandchildren", async (t) => {
  const suite = suiteOf({ target: echoPart({ command: ["node", "stubborn.ts"] }) });
  let pids: number[] = [];
  await withStage({ suite }, async (stage) => {
    const pid = (await stage.startPart("target")).pid ?? 0;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    pids = [stage.hands.watch("target").namespacePid, pid, ...children];
    process.kill(pid, "SIGSTOP");
  });
  t.is(pids.length, 3);
  for (const pid of pids) t.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

testNeeding(["namespaces"], "teardown asks parts to end first: their last words are in their logs", async (t) => {
  const target = echoPart({ command: ["node", "last-words.ts"], ready: { check: { kind: "tcp" }, withinMs: 20_000 } });
  await withStage({ suite: suiteOf({ target, upstreams: { db: { ...target, port: 9000 } } }) }, async (stage, at) => {
    await Promise.all([stage.startPart("db"), stage.startPart("target")]);
    await at.teardown.run();
    t.is(readFileSync(`${at.logFolder}/target.log`, "utf8"), "last words\n");
    t.is(readFileSync(`${at.logFolder}/upstream-db.log`, "utf8"), "last words\n");
  });
});

function settingOf(settings: SettingReading[], role: string, key: string): SettingReading | undefined {
  return settings.find((setting) => setting.role === role && setting.key === key);
}
