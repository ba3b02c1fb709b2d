/** `tunebench explain`: what is known of a kernel setting. */
import test from "ava";
import { called } from "../helpers/calls.ts";

test("explain KEY prints its page, with slashes and by its last word too", async (t) => {
  const { exitCode, stdout, stderr } = await called(["explain", "net.core.somaxconn"]);
  t.is(exitCode, 0);
  t.is(stderr, "");
  t.regex(stdout, /min\(backlog that the program passed to listen\(\),\n\s+somaxconn\)/);
  for (const same of ["net/core/somaxconn", "somaxconn"]) t.is((await called(["explain", same])).stdout, stdout);
});

test("explain lists every setting by area, a line each where it fits", async (t) => {
  const { exitCode, stdout } = await called(["explain"]);
  t.is(exitCode, 0);
  t.regex(stdout, /^Queues of a listener\n {2}net\.core\.somaxconn {2,}the longest accept queue/m);
  t.regex(stdout, /^Local ports and TIME_WAIT\n(?: .*\n)*? {2}net\.ipv4\.tcp_tw_reuse /m);
  for (const line of stdout.split("\n")) t.true(line.length <= 80, line);
});

test("a key of a family without a record is told by its family", async (t) => {
  const { exitCode, stdout } = await called(["explain", "net.ipv4.conf.eth0.rp_filter"]);
  t.is(exitCode, 0);
  t.regex(stdout, /Private to each network namespace/);
});

test("--format json is the record, the list all of them", async (t) => {
  const one = JSON.parse((await called(["explain", "net.core.somaxconn", "--format", "json"])).stdout);
  t.like(one, { key: "net.core.somaxconn", area: "queues", safe: null, read: { moment: "listen" } });
  t.like(one.scope, { kind: "private", namespace: "network", rootlessSinceKernel: "6.3" });
  const all: unknown = JSON.parse((await called(["explain", "--format", "json"])).stdout);
  t.true(Array.isArray(all) && all.length > 60);
});

test("a caveat by its code; a name that a finding has too shows both", async (t) => {
  const { exitCode, stdout } = await called(["explain", "dropped-iterations"]);
  t.is(exitCode, 0);
  t.regex(stdout, /^caveat dropped-iterations\n {2}\S/);
  const both = await called(["explain", "generator-bound"]);
  t.regex(both.stdout, /\(generator-bound\)\n[\s\S]*\ncaveat generator-bound\n/);
});

const wrong: [string[], RegExp][] = [
  [["net.core.somaxcon"], /nothing is known of "net.core.somaxcon"; did you mean "net.core.somaxconn"\?/],
  [["net.ipv4.tcp_tw_reus"], /did you mean "net.ipv4.tcp_tw_reuse"\?/],
  [["nothing-of-the-kind"], /nothing is known of "nothing-of-the-kind"\n.*tunebench explain lists/],
  [["somaxconn", "--format", "jsn"], /no format jsn; did you mean "json"\?/],
];

for (const [args, says] of wrong) {
  test(`explain ${args.join(" ")}: exit 2, with the nearest spelling`, async (t) => {
    const { exitCode, stdout, stderr } = await called(["explain", ...args]);
    t.is(exitCode, 2);
    t.is(stdout, "");
    t.regex(stderr, says);
  });
}
