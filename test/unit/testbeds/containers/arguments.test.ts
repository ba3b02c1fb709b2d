import test from "ava";
import { envLines, partArguments } from "../../../../harness/testbeds/containers/arguments.ts";
import { exitInside } from "../../../../harness/testbeds/containers/container-part.ts";
import { loadedLibraries } from "../../../../harness/testbeds/containers/holding-container.ts";
import { readImage } from "../../../../harness/testbeds/containers/images.ts";
import { modestLimits } from "../../../../harness/testbeds/containers/limits.ts";
import type { ContainerRequest } from "../../../../harness/testbeds/netns/container-port.ts";

const request: ContainerRequest = {
  role: "target",
  container: {
    image: "shop:1.4",
    pull: false,
    entrypoint: ["/run", "--now"],
    user: "1000",
    ulimits: { nofile: "10" },
    mounts: ["conf/a.conf:/etc/a.conf"],
    aliases: [],
    dependsOn: [],
  },
  hosts: { db: "198.18.1.2" },
  holder: { role: "target", pid: 7, network: "net:[1]", rootless: false },
  command: ["serve"],
  env: { A: "1" },
  part: { cpus: "0", privileged: true, writable: ["/data"] },
  folder: "/suite",
  logFile: "/log",
};
const named = { trial: "t", name: "t.target.0", envFile: "/proc/1/fd/9", limits: { nofile: "5", nproc: "6" } };

test("podman joins the rig's namespaces by their path and gets the names; a suite's own limits come first", (t) => {
  const said = partArguments("podman", request, { ...named, joined: { pid: 7 } });
  const image = said.indexOf("shop:1.4");
  t.deepEqual(said.slice(image), ["shop:1.4", "--now", "serve"]);
  const expected = [
    ...["--rm", "--pull=never", "--network=ns:/proc/7/ns/net", "--pid=ns:/proc/7/ns/pid", "--ipc=ns:/proc/7/ns/ipc"],
    ...["--add-host=db:198.18.1.2", "--env-file=/proc/1/fd/9", "--user=1000", "--ulimit=nofile=10", "--ulimit=nproc=6"],
    ...["--volume=/suite/conf/a.conf:/etc/a.conf:ro", "--volume=/data", "--cpuset-cpus=0", "--privileged"],
    "--entrypoint=/run",
  ];
  for (const word of expected) t.true(said.slice(0, image).includes(word), word);
});

test("docker joins the container that holds them, whose names it has; nothing is published", (t) => {
  const said = partArguments("docker", request, { ...named, joined: { container: "h" } });
  for (const kind of ["network", "pid", "ipc"]) t.true(said.includes(`--${kind}=container:h`));
  t.false(said.some((word) => /^--(add-host|publish|sysctl)/.test(word)));
});

test("variables are lines of a file, and one of several lines is refused by its name", (t) => {
  t.is(envLines({ A: "x = y", B: "" }), "A=x = y\nB=\n");
  t.throws(() => envLines({ A: "1", KEY: "a\nb" }), { message: "KEY" });
});

test("the libraries of a program as glibc's, musl's and a static program's ldd say them", (t) => {
  const glibc = "\tlinux-vdso.so.1 (0x1)\n\tlibc.so.6 => /lib/x/libc.so.6 (0x2)\n\t/lib64/ld-linux-x86-64.so.2 (0x3)\n";
  t.deepEqual(loadedLibraries(glibc), {
    loader: "/lib64/ld-linux-x86-64.so.2",
    libraries: { "libc.so.6": "/lib/x/libc.so.6" },
  });
  const musl = "\t/lib/ld-musl-x86_64.so.1 (0x1)\n\tlibc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x1)\n";
  t.is(loadedLibraries(musl).loader, "/lib/ld-musl-x86_64.so.1");
  t.deepEqual(loadedLibraries("\tnot a dynamic executable\n"), { loader: null, libraries: {} });
});

test("an engine's client ends as a shell would say it", (t) => {
  t.deepEqual(exitInside({ exitCode: 137, signal: null }), { exitCode: null, signal: "SIGKILL" });
  t.deepEqual(exitInside({ exitCode: 126, signal: null }), { exitCode: 126, signal: null });
  t.deepEqual(exitInside({ exitCode: 0, signal: null }), { exitCode: 0, signal: null });
});

test("an image as docker and as podman tell of it", (t) => {
  const Config = { User: "app", ExposedPorts: { "443/tcp": {}, "80/tcp": {}, "53/udp": {} }, Env: ["A=1"] };
  const Healthcheck = { Test: ["CMD-SHELL", "curl x"] };
  const docker = JSON.stringify([{ Id: "sha256:ab", Config: { ...Config, Healthcheck } }]);
  const podman = JSON.stringify([{ Id: "ab", Config, HealthCheck: Healthcheck }]);
  const image = {
    id: "sha256:ab",
    user: "app",
    ports: [80, 443],
    healthcheck: ["/bin/sh", "-c", "curl x"],
    variables: ["A"],
  };
  t.deepEqual([readImage(docker), readImage(podman), readImage("no")], [image, image, null]);
});

test("limits are said only where they can't be raised", (t) => {
  const limits =
    "Max processes             96364                96364                processes \nMax open files            1024                 20000                files     \n";
  t.deepEqual(modestLimits("CapEff:\t000001ffffffffff\n", limits), {});
  t.deepEqual(modestLimits("CapEff:\t000001fffeffffff\n", limits), { nproc: "32768:32768", nofile: "20000:20000" });
});
