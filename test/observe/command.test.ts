/** `tunebench observe` as a person on call uses it: exit codes, what can't be seen, and how it ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { mainFile, temporaryFolder, treeFile, tunebench } from "../helpers/cli.ts";
import { openService } from "../helpers/live-service.ts";
import { testNeeding } from "../helpers/parts.ts";

const parts = ["linux", "namespaces", "ss", "go"] as const;
const asRoot = process.getuid?.() === 0;

testNeeding([...parts], "a range of four ports that is used up is named in one call: exit 1", async (t) => {
  const service = await openService(t, {
    ...{ mode: "dial", env: { UP: "198.18.7.1:3306", HOLD: "600000" } },
    sysctls: { "net.ipv4.ip_local_port_range": "40000 40003" },
  });
  const pid = await service.start("lazy", { PORT: "3306" });
  // The load takes ports of the same range towards another port.
  await service.load("hold", 4).ready;
  const { stdout, exitCode } = await tunebench(["observe", "--pid", String(pid), "--for", "500ms"]);
  t.is(exitCode, 1, stdout);
  t.regex(stdout, /^Ports to 198\.18\.7\.1:(?:3306|8080) are used up: 4 of 4 in use\./);
  t.regex(stdout, /Port exhaustion/);
  const json = await tunebench(["observe", "--node", "--for", "200ms", "--format", "json"]);
  const { limits } = JSON.parse(json.stdout);
  t.true(limits.some(({ limit, of, share }: Record<string, unknown>) => limit === "ports" && of === 4 && share === 1));
});

testNeeding([...parts], "a service that is well: exit 0; four formats; a file written whole", async (t) => {
  const { pid } = await openService(t, { mode: "sleep" });
  const out = join(await temporaryFolder(t), "tunebench.prom");
  const look = (...args: string[]) => tunebench(["observe", "--pid", String(pid), "--for", "300ms", ...args]);
  const [json, prometheus, markdown] = [
    await look("--format", "json"),
    await look("--format", "prometheus", "--out", out),
    await look("--format", "md"),
  ];
  t.is(json.exitCode, 0, json.stdout);
  t.is(JSON.parse(json.stdout).verdict, "No limit is near.");
  t.is(prometheus.stdout, "");
  t.regex(readFileSync(out, "utf8"), /^tunebench_observe_near 0$/m);
  t.regex(markdown.stdout, /^## \S+ tunebench observe/);
});

testNeeding([...parts], "Ctrl-C: what was seen until then, and 130", async (t) => {
  const { pid } = await openService(t, { mode: "sleep" });
  const child = spawn(process.execPath, [mainFile(), "observe", "--pid", String(pid), "--watch", "--for", "300ms"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.teardown(() => child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  t.regex(String(line), /^\d{4}-\d\d-\d\dT[\d:.]+Z No limit is near\.\n/);
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  t.is(code, 130);
});

testNeeding(
  [...parts, "python"],
  "a terminal that is made wider under --watch is painted anew, as wide as it is",
  async (t) => {
    const { pid } = await openService(t, { mode: "sleep" });
    // So long that the next paint is that of the change.
    const argv = [process.execPath, mainFile(), "observe", "--pid", String(pid), "--watch", "--for", "10s"];
    const { stdout } = await execa("python3", [treeFile("test/fixtures/observe/terminal.py"), ...argv]);
    const { narrow, wide, exitCode } = JSON.parse(stdout);
    t.true(narrow > 60 && narrow <= 80, stdout);
    t.true(wide > 80 && wide <= 120, stdout);
    t.is(exitCode, 130);
  },
);

testNeeding([...parts], "a process that ends meanwhile is named, and ends the look", async (t) => {
  const { pid } = await openService(t, { mode: "sleep" });
  const argv = ["observe", "--pid", String(pid), "--watch", "--for", "300ms", "--format", "json"];
  const child = spawn(process.execPath, [mainFile(), ...argv], { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const codes: string[][] = [];
  for await (const line of lines) {
    codes.push(JSON.parse(line).caveats.map(({ code }: { code: string }) => code));
    if (codes.length === 1) process.kill(pid, "SIGKILL");
  }
  t.false(codes[0]?.includes("ended"));
  t.true(codes.at(-1)?.includes("ended"));
});

testNeeding([...parts], "who steers packets, and what changes settings by itself, is told", async (t) => {
  const { pid } = await openService(t, { mode: "sleep" });
  // The kernel calls a process by its program's file.
  const program = join(await temporaryFolder(t), "bpftune");
  await copyFile("/bin/sleep", program);
  const tuner = spawn(program, ["600"], { stdio: "ignore" });
  t.teardown(() => tuner.kill("SIGKILL"));
  await once(tuner, "spawn");
  const { stdout } = await tunebench(["observe", "--pid", String(pid), "--for", "300ms", "--format", "json"]);
  const { steering, caveats } = JSON.parse(stdout);
  // In a container the machine's are not seen.
  if (steering === null) t.true(caveats.some(({ what }: { what?: string }) => what === "steering"));
  else t.deepEqual([steering.tuners.includes("bpftune"), caveats[0]?.code], [true, "tuner-runs"]);
});

testNeeding(["linux"], "nothing to see is exit 3, what isn't said is exit 2", async (t) => {
  const cases: [string[], number, RegExp][] = [
    [["--pid", "4194304"], 3, /there is no process 4194304/],
    [["--listen", "1"], 3, /nobody listens on TCP port 1/],
    [[], 2, /it isn't said what to look at/],
    [["--pid", "1", "--node"], 2, /--pid and --node are two things/],
    [["--pid", "1", "--for", "ten"], 2, /--for: "ten" is no time/],
    [["--pid", "1", "--watch", "--format", "prometheus"], 2, /writes a file/],
    [["--pid", "1", "--format", "jsno"], 2, /did you mean "json"/],
  ];
  for (const [args, code, words] of cases) {
    const { exitCode, stdout, stderr } = await tunebench(["observe", ...args]);
    t.is(exitCode, code, args.join(" "));
    t.is(stdout, "");
    t.regex(stderr, words);
  }
});

if (asRoot) {
  testNeeding([...parts], "a user without rights over the namespace: no share is told, and why", async (t) => {
    const { pid } = await openService(t, { mode: "sleep" });
    const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const argv = [
      ...nobody,
      process.execPath,
      mainFile(),
      "observe",
      "--pid",
      String(pid),
      "--for",
      "300ms",
      "--format",
      "json",
    ];
    const child = spawn("setpriv", argv, { stdio: ["ignore", "pipe", "inherit"] });
    const text = await child.stdout.setEncoding("utf8").toArray();
    const { caveats, settings, limits, outlook } = JSON.parse(text.join(""));
    t.deepEqual([outlook.kind, child.exitCode ?? (await once(child, "exit"))[0]], ["unseen", 3]);
    t.deepEqual(settings, []);
    const unseen = caveats.flatMap((one: Record<string, unknown>) => (one.code === "not-readable" ? [one.what] : []));
    t.true(unseen.includes("settings"), unseen.join());
    // How many there are another user sees from Linux 6.2 on.
    t.not(
      unseen.includes("descriptors"),
      limits.some(({ limit }: { limit: string }) => limit === "descriptors"),
    );
    t.true(limits.length > 0);
    t.true(limits.every(({ limit, share }: Record<string, unknown>) => limit !== "ports" || share === null));
  });
}
