/** What the kernel, ss and engines of containers say of a live service, as they write it. */
import test from "ava";
import { parseUdp } from "../../../harness/sampling/live/datagrams.ts";
import { containerOf } from "../../../harness/subjects/container.ts";
import { parseDatagrams, parseListeners } from "../../../harness/subjects/inside.ts";
import { parseListening } from "../../../harness/subjects/listening.ts";
import { containerIn } from "../../../harness/subjects/name-namespace.ts";
import { parseSysctlFile } from "../../../harness/subjects/origins.ts";
import { programIn } from "../../../harness/subjects/processes.ts";

test("listening sockets and their inodes", (t) => {
  const text = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 00000000:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 1527 1 0000 100 0 0 10 0",
    "   1: 0100007F:CD50 0100007F:ADA1 06 00000000:00000000 03:00000B10 00000000     0        0 0 3 0000",
    "   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 99 1 0000",
  ];
  t.deepEqual(parseListening(text.join("\n")), [
    { address: "0.0.0.0", port: 8080, inode: "1527" },
    { address: "::", port: 80, inode: "99" },
  ]);
});

test("limits of listeners, TCP and Unix, as ss shows them", (t) => {
  const text = [
    "u_str LISTEN 0      4096   /run/app.sock 1234            * 0   ",
    "tcp   LISTEN 3      511          0.0.0.0:8080      0.0.0.0:*   ",
    "tcp   LISTEN 0      128             [::]:8443         [::]:*   ",
    "tcp   LISTEN 0      128         *%eth0:9000             *:*   ",
  ];
  t.deepEqual(parseListeners(text.join("\n")), [
    { path: "/run/app.sock", limit: 4096 },
    { port: 8080, limit: 511 },
    { port: 8443, limit: 128 },
    { port: 9000, limit: 128 },
  ]);
  t.deepEqual(parseListeners(""), []);
});

test("receive buffers of UDP sockets, the smallest of a port", (t) => {
  const text = [
    "UNCONN 0      0            0.0.0.0:53         0.0.0.0:*    ",
    "\t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d0)",
    "UNCONN 0      0               [::]:53            [::]:*    skmem:(r0,rb1000,t0,tb212992,f0,w0,o0,bl0,d0)",
  ];
  t.deepEqual(parseDatagrams(text.join("\n")), [{ port: 53, bytes: 1000 }]);
});

test("UDP sockets with a queue or with drops", (t) => {
  const text = [
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
    " 1000: 00000000:0035 00000000:0000 07 00000000:00034000 00:00000000 00000000     0        0 77 2 0000000000000000 12",
    " 1001: 0100007F:0143 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 78 2 0000000000000000 0",
  ];
  t.deepEqual(parseUdp(text.join("\n")), [{ address: "0.0.0.0", port: 53, queuedBytes: 0x34000, drops: 12 }]);
});

test("a container as docker and as podman tell of it", (t) => {
  const docker = [
    { Name: "/shop", State: { Pid: 77, Status: "running" }, HostConfig: { Sysctls: { "net.core.somaxconn": "512" } } },
  ];
  const subject = containerOf(JSON.stringify(docker), "shop");
  t.is(subject.name, "container shop");
  t.deepEqual(subject.pids, [77]);
  t.deepEqual(subject.spec?.sysctls, { "net.core.somaxconn": "512" });
  const podman = [{ Name: "shop", State: { Pid: 78 }, HostConfig: { Sysctls: null } }];
  t.deepEqual(containerOf(JSON.stringify(podman), "shop").spec?.sysctls, {});
  const command = ["podman", "run", "--sysctl", "net.core.somaxconn=222", "--sysctl=net.ipv4.tcp_tw_reuse=1", "shop"];
  const podman4 = [{ Name: "shop", State: { Pid: 78 }, HostConfig: {}, Config: { CreateCommand: command } }];
  t.deepEqual(containerOf(JSON.stringify(podman4), "shop").spec?.sysctls, {
    "net.core.somaxconn": "222",
    "net.ipv4.tcp_tw_reuse": "1",
  });
});

test("what a container was made of, so that a suite makes it again", (t) => {
  const made = (found: object) =>
    containerOf(JSON.stringify([{ Name: "shop", State: { Pid: 78 }, ...found }]), "shop").made;
  const Config = { Image: "shop:1.4", Entrypoint: ["/shop"], Cmd: null, User: "" };
  const nothing = { command: null, user: null, mounts: [] };
  t.deepEqual(made({ Config }), { image: "shop:1.4", entrypoint: ["/shop"], ...nothing });
  const podman4 = { ...Config, Entrypoint: "/bin/sh -c", Cmd: ["x y"], User: "1:1" };
  t.deepEqual(made({ ImageName: "localhost/shop:1.4", Config: podman4, Mounts: [{ Destination: "/data" }] }), {
    ...{ image: "localhost/shop:1.4", entrypoint: null, command: ["x y"], user: "1:1", mounts: ["/data"] },
  });
  t.deepEqual(made({ Config: { ...Config, Entrypoint: "/shop" } })?.entrypoint, ["/shop"]);
  t.is(made({ Config: { Image: `sha256:${"0".repeat(64)}` } }), null);
});

test("a container that does not run, and an answer that is none", (t) => {
  const stopped = JSON.stringify([{ Name: "/shop", State: { Pid: 0, Status: "exited" } }]);
  t.throws(() => containerOf(stopped, "shop"), { message: 'container "shop" does not run (exited)' });
  t.throws(() => containerOf("<html>", "shop"), { message: /not understood/ });
});

test("ids of containers in the path of a control group", (t) => {
  const id = "0123456789abcdef".repeat(4);
  t.is(containerIn(`0::/system.slice/docker-${id}.scope\n`), "0123456789ab");
  t.is(containerIn(`4:memory:/docker/${id}\n`), "0123456789ab");
  t.is(containerIn(`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope\n`), "0123456789ab");
  t.is(containerIn("0::/user.slice/user-0.slice\n"), null);
});

test("what Node runs, which calls each of its processes MainThread", (t) => {
  t.is(programIn("/usr/bin/node\0--max-old-space-size=99\0/srv/web.js\0--port\0", "?"), "node web.js");
  t.is(programIn("node\0--inspect\0-e\0require('http')\0", "?"), "node -e");
  t.is(programIn("node\0", "?"), "node");
  t.is(programIn("", "MainThread"), "MainThread");
});

test("files of sysctl(8): slashes, comments, a minus, blanks", (t) => {
  const text =
    "# note\n; note\nnet.core.somaxconn=1024\n-net/ipv4/tcp_tw_reuse = 1\nnet.ipv4.ip_local_port_range = 1024\t65535\nbroken\n";
  t.deepEqual(parseSysctlFile(text), {
    "net.core.somaxconn": "1024",
    "net.ipv4.tcp_tw_reuse": "1",
    "net.ipv4.ip_local_port_range": "1024 65535",
  });
});
