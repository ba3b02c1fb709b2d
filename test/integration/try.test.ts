/** One short trial of a suite: what is told of one that works and of one that does not, and that nothing is left of either. */
import { existsSync, readdirSync } from "node:fs";
import { leftBehind } from "../helpers/left-behind.ts";
import { testNeeding } from "../helpers/parts.ts";
import { giveToNobody, openWorld, startTunebench, type World } from "../helpers/whole-run.ts";

const script = `
import http, { post } from "k6/http";
import { check } from "k6";
export default function () {
  const response = http.get(\`\${__ENV.TARGET_URL}/items?key=of-nobody\`);
  check(response, { "is 200": ({ status }) => status === 200, "is red": ({ body }) => body.includes("red") });
  post(\`\${__ENV.TARGET_URL}/missing\`, "colour=red");
  console.log("a colour was asked for");
}
`;
const target = `
import { createServer } from "node:http";
console.log("colours are at", process.env.SELF);
createServer((request, response) => {
  if (request.url === "/missing") response.writeHead(404).end("no such page ".repeat(40));
  else response.end("blue");
}).listen(Number(process.env.PORT), process.env.LISTEN_HOST);
`;

testNeeding(["namespaces", "k6"], "what was answered, checked and written, as an ordinary user", async (t) => {
  const world = await openWorld(t, {
    files: { "load.js": script, "target.mjs": target },
    edit(suite) {
      suite.setIn(["load", "script"], "load.js");
      suite.setIn(["target", "command"], ["node", "target.mjs"]);
      suite.setIn(["target", "env"], { SELF: "${" + "target.address}" });
    },
  });
  giveToNobody(world);
  const { exitCode, stdout, stderr } = await startTunebench(world, ["try", "suite", "--format", "json"], {
    asNobody: true,
  });
  t.is(exitCode, 0, stderr);
  const tried = JSON.parse(stdout);
  t.like(tried, { valid: true, invalidReason: null, references: { "target.address": "198.18.0.2:8080" } });
  t.true(tried.iterations >= 20 && tried.requests >= 2 * tried.iterations - 2, stdout);
  const of = (status: number) => tried.responses.filter((response: { status: number }) => response.status === status);
  t.is(of(200).length, 5);
  t.like(of(200)[0], { method: "GET", url: "http://198.18.0.2:8080/items?key=…", body: "blue", characters: 4 });
  t.is(of(404).length, 5);
  t.like(of(404)[4], { method: "POST", url: "http://198.18.0.2:8080/missing", characters: 520 });
  t.is(of(404)[0].body.length, 200);
  const checks = new Map(tried.checks.map((check: { name: string }) => [check.name, check]));
  t.like(checks.get("is 200"), { failed: 0 });
  t.like(checks.get("is red"), { passed: 0 });
  const logs = new Map(tried.logs.map(({ name, lines }: { name: string; lines: string[] }) => [name, lines[0]]));
  t.is(logs.get("target"), "colours are at 198.18.0.2:8080");
  t.is(logs.get("k6"), "a colour was asked for");
  await leavesNothing(t, world);
});

testNeeding(["namespaces", "k6"], "a script that throws: exit 4, its words, what was answered before", async (t) => {
  const world = await openWorld(t, {
    files: { "load.js": script.replace("check(", "response.json().colour; check("), "target.mjs": target },
    edit(suite) {
      suite.setIn(["load", "script"], "load.js");
      suite.setIn(["target", "command"], ["node", "target.mjs"]);
      suite.setIn(["target", "env"], {});
    },
  });
  const { exitCode, stdout } = await startTunebench(world, ["try", "suite"]);
  t.is(exitCode, 4, stdout);
  t.regex(stdout, /^whole does not work: the script threw.*parse json/s);
  t.regex(stdout, /HTTP 200\n +- GET http:\/\/198\.18\.0\.2:8080\/items\?key=…: blue \(5 times\)/);
  t.regex(stdout, /target wrote\n> colours are at undefined\n/);
  await leavesNothing(t, world);
});

async function leavesNothing(
  t: { deepEqual: (a: unknown, b: unknown) => void; false: (a: boolean) => void },
  world: World,
) {
  t.false(existsSync(world.out));
  t.deepEqual(readdirSync(world.tmp), []);
  t.deepEqual(await leftBehind(world), []);
}
