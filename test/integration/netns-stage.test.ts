import { readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Server } from "node:net";
import { PartFailure } from "../../harness/testbeds/failures.ts";
import type { SettingReading } from "../../harness/testbeds/testbed.ts";
import { fetchInside, urlOf } from "../helpers/inside.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, profileOf, reference, suiteOf, withTrialBed } from "../helpers/suites.ts";

const http = { check: { kind: "http", path: "/healthz" }, withinMs: 20_000 } as const;
const relay = { UPSTREAM: reference("upstreams.db.address") };

for (const ipVersion of [4, 6] as const) {
  testNeeding(
    ["namespaces"],
    `IPv${ipVersion}: generator reaches target, target its upstream, nobody else`,
    async (t) => {
      const target = echoPart({ ready: http, env: relay });
      const suite = suiteOf({ ipVersion, target, upstreams: { db: echoPart({ port: 9000 }) } });
      await withTrialBed({ suite }, async (bed) => {
        await bed.start("db");
        await bed.start("target");
        const answer = JSON.parse(await fetchInside(bed, "generator", `${urlOf(bed, "target", 8080)}/upstream`));
        t.is(answer.env.PORT, "9000");
        t.is(answer.env.LISTEN_HOST, ipVersion === 6 ? "::" : "0.0.0.0");
        t.is(answer.peer, ipVersion === 6 ? "2001:2:0:1::1" : "198.18.1.1");
        t.regex(await fetchInside(bed, "generator", urlOf(bed, "db", 9000)), /ENETUNREACH|EHOSTUNREACH/);
        t.is(JSON.parse(await fetchInside(bed, "db", urlOf(bed, "target", 8080))).env.PORT, "8080");
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
  await withTrialBed({ suite, profile }, async (bed) => {
    t.like(settingOf(bed.settings(), "target", "net.core.somaxconn"), {
      asked: "99",
      effective: "99",
      origin: "profile",
    });
    t.is(settingOf(bed.settings(), "target", "net.ipv4.ip_local_port_range")?.effective, "20000 30001");
    t.is(settingOf(bed.settings(), "target", "kernel.shmmni")?.effective, "128");
    t.like(settingOf(bed.settings(), "target", "net.ipv4.tcp_max_tw_buckets"), {
      effective: "262144",
      origin: "pinned",
    });
    t.like(settingOf(bed.settings(), "generator", "net.ipv4.tcp_max_tw_buckets"), {
      effective: "5000",
      origin: "profile",
    });
    t.like(settingOf(bed.settings(), "generator", "net.core.somaxconn"), { asked: null, origin: "recorded" });
    t.is((await bed.facts()).listenLimits.target, null);
    await bed.start("target");
    t.is((await bed.facts()).listenLimits.target, 99);
    t.deepEqual(await bed.readBack(), bed.settings());
  });
  t.is(readFileSync("/proc/sys/net/core/somaxconn", "utf8"), machine);
});

testNeeding(["namespaces"], "a value that the kernel changes silently comes back as the kernel has it", async (t) => {
  const profile = profileOf({ sysctls: { "net.ipv4.ip_local_reserved_ports": "8080,8081" } });
  await withTrialBed({ profile }, async (bed) => {
    const reading = settingOf(bed.settings(), "target", "net.ipv4.ip_local_reserved_ports");
    t.like(reading, { asked: "8080,8081", before: "", effective: "8080-8081" });
  });
});

testNeeding(["namespaces"], "a setting that a part changes is seen by the next reading", async (t) => {
  const script = 'require("fs").writeFileSync("/proc/sys/net/core/somaxconn", "55");console.log("written")';
  const ready = { check: { kind: "log", text: "written" }, withinMs: 20_000 } as const;
  const target = echoPart({ command: ["node", "-e", script], ready, privileged: true });
  await withTrialBed({ suite: suiteOf({ target }) }, async (bed) => {
    await (await bed.start("target")).ended;
    t.is(settingOf(await bed.readBack(), "target", "net.core.somaxconn")?.effective, "55");
    t.not(settingOf(bed.settings(), "target", "net.core.somaxconn")?.effective, "55");
  });
});

testNeeding(
  ["namespaces", "root"],
  "receive packet steering is written to the target's interfaces and read back",
  async (t) => {
    const suite = suiteOf({ upstreams: { db: echoPart({ port: 9000 }) } });
    await withTrialBed({ suite, profile: profileOf({ rps: "1" }) }, async (bed) => {
      const { rpsCpus } = (await bed.facts()).steering;
      t.regex(rpsCpus.target ?? "", /^[0,]*1$/);
      t.regex(rpsCpus.generator ?? "", /^[0,]+$/);
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
    await withTrialBed({ suite: suiteOf({ target }) }, async (bed) => {
      const running = await bed.start("target");
      const told = JSON.parse(await fetchInside(bed, "generator", urlOf(bed, "target", 8080)));
      t.deepEqual(told.argv, [suiteOf().folder, told.env.HOME, "198.18.0.2:8080"]);
      t.is(told.cwd, suiteOf().folder);
      t.deepEqual(Object.keys(told.env).sort(), ["HOME", "LANG", "LISTEN_HOST", "PATH", "PLAIN", "PORT"]);
      t.regex(readFileSync(`/proc/${running.pid}/status`, "utf8"), /^Cpus_allowed_list:\s+0$/m);
      t.regex(readFileSync(`/proc/${running.pid}/cmdline`, "utf8"), /node\0echo\.ts/);
    });
    delete process.env.TUNEBENCH_TEST_SECRET;
  },
);

testNeeding(
  ["namespaces"],
  "a part that was denied something at its start is told that it is an ordinary user",
  async (t) => {
    for (const privileged of [false, true]) {
      const target = echoPart({ command: ["sh", "-c", "echo bind: Operation not permitted; exit 1"], privileged });
      const ready = { check: { kind: "tcp" }, withinMs: 20_000 } as const;
      await withTrialBed({ suite: suiteOf({ target: { ...target, ready } }) }, async (bed) => {
        const failure = await t.throwsAsync(bed.start("target"), { instanceOf: PartFailure });
        const told = /ordinary user: writable: .*privileged: true/.test(failure?.hint ?? "");
        t.is(told, !privileged, failure?.message);
      });
    }
  },
);

testNeeding(["namespaces"], "a part that dies while it is awaited is told at once, with its last lines", async (t) => {
  const suite = suiteOf({ target: echoPart({ command: ["node", "dies.ts"], ready: { ...http, withinMs: 60_000 } }) });
  await withTrialBed({ suite }, async (bed, { logFolder }) => {
    const failure = await t.throwsAsync(bed.start("target"), { instanceOf: PartFailure });
    t.like(failure, { role: "target", exitCode: 4, lastLines: ["about to start", "cannot open table: no such file"] });
    t.regex(failure?.message ?? "", /exit code 7/);
    t.regex(await readFile(`${logFolder}/target.log`, "utf8"), /cannot open table/);
  });
});

testNeeding(["namespaces"], "a part that listens on loopback only is not ready, and the reason is said", async (t) => {
  const ready = { check: { kind: "tcp" }, withinMs: 1500 } as const;
  await withTrialBed({ suite: suiteOf({ target: echoPart({ env: { BIND: "127.0.0.1" }, ready }) }) }, async (bed) => {
    const failure = await t.throwsAsync(bed.start("target"), { instanceOf: PartFailure });
    t.regex(failure?.hint ?? "", /loopback only/);
  });
});

testNeeding(["namespaces"], "a line of the log makes a part ready; its end and its signal are seen", async (t) => {
  const ready = { check: { kind: "log", text: "listening on" }, withinMs: 20_000 } as const;
  await withTrialBed({ suite: suiteOf({ target: echoPart({ ready }) }) }, async (bed) => {
    const running = await bed.start("target");
    t.deepEqual(bed.watch("target").partPids(), [running.pid]);
    t.is(readlinkSync(`/proc/${running.pid}/ns/net`), readlinkSync(`/proc/${bed.watch("target").namespacePid}/ns/net`));
    running.signal("SIGTERM");
    t.deepEqual(await running.ended, { exitCode: null, signal: "SIGTERM" });
    t.deepEqual(bed.watch("target").partPids(), []);
  });
});

testNeeding(["namespaces"], "a part that answers with an error is told with its last answer", async (t) => {
  const failing = `require("node:http").createServer((_, response) => {
    response.statusCode = 500;
    response.end("<h1>failed to connect db:</h1>\\n Access denied");
  }).listen(8080, "0.0.0.0")`;
  const target = echoPart({ command: ["node", "-e", failing], ready: { ...http, withinMs: 2000 } });
  await withTrialBed({ suite: suiteOf({ target }) }, async (bed) => {
    const error = await t.throwsAsync(bed.start("target"), { instanceOf: PartFailure });
    t.regex(error.message, /was not ready within 2 s .*; it answered 500: failed to connect db: Access denied/);
  });
});

testNeeding(["namespaces"], "the readiness check leaves no socket behind", async (t) => {
  await withTrialBed({ suite: suiteOf({ target: echoPart({ ready: http }) }) }, async (bed) => {
    await bed.start("target");
    for (const role of ["target", "generator"]) {
      t.regex(readFileSync(`/proc/${bed.watch(role).namespacePid}/net/sockstat`, "utf8"), /^TCP: .* tw 0 /m);
    }
  });
});

testNeeding(["namespaces"], "a server of ours answers inside the generator's namespace", async (t) => {
  await withTrialBed({}, async (bed) => {
    const server: Server = await bed.listen("generator", 4318);
    server.on("connection", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    t.is(await fetchInside(bed, "generator", "http://127.0.0.1:4318/"), "hello");
    t.regex(await fetchInside(bed, "target", "http://127.0.0.1:4318/"), /ECONNREFUSED/);
    await t.throwsAsync(bed.listen("generator", 4318), { message: /EADDRINUSE/ });
  });
});

testNeeding(["namespaces"], "two stages at once have the same addresses and do not meet", async (t) => {
  const stageWith = (somaxconn: string) =>
    withTrialBed({ profile: profileOf({ sysctls: { "net.core.somaxconn": somaxconn } }) }, async (bed) => {
      await bed.start("target");
      const told = JSON.parse(await fetchInside(bed, "generator", urlOf(bed, "target", 8080)));
      t.is(told.env.PORT, "8080");
      t.is(settingOf(await bed.readBack(), "target", "net.core.somaxconn")?.effective, somaxconn);
    });
  await Promise.all([stageWith("100"), stageWith("200")]);
});

testNeeding(["namespaces"], "the end of a trial ends parts that ignore SIGTERM, and their grandchildren", async (t) => {
  const suite = suiteOf({ target: echoPart({ command: ["node", "stubborn.ts"] }) });
  let pids: number[] = [];
  await withTrialBed({ suite }, async (bed) => {
    const pid = (await bed.start("target")).pid ?? 0;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    pids = [bed.watch("target").namespacePid, pid, ...children];
    process.kill(pid, "SIGSTOP");
  });
  t.is(pids.length, 3);
  for (const pid of pids) t.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

testNeeding(
  ["namespaces"],
  "the end of a trial asks parts to end first: their last words are in their logs",
  async (t) => {
    const target = echoPart({
      command: ["node", "last-words.ts"],
      ready: { check: { kind: "tcp" }, withinMs: 20_000 },
    });
    await withTrialBed(
      { suite: suiteOf({ target, upstreams: { db: { ...target, port: 9000 } } }) },
      async (bed, at) => {
        await Promise.all([bed.start("db"), bed.start("target")]);
        t.deepEqual(await at.scope.close(), []);
        t.is(readFileSync(`${at.logFolder}/target.log`, "utf8"), "last words\n");
        t.is(readFileSync(`${at.logFolder}/upstream-db.log`, "utf8"), "last words\n");
      },
    );
  },
);

function settingOf(settings: SettingReading[], role: string, key: string): SettingReading | undefined {
  return settings.find((setting) => setting.role === role && setting.key === key);
}
