import { constantRate } from "../../harness/suite/rate.ts";
import { runTrial, startTarget } from "../helpers/k6-trial.ts";
import { testNeeding } from "../helpers/parts.ts";

const lib = new URL("../../scenarios/lib/k6.ts", import.meta.url).pathname;

testNeeding(["k6"], "the copies of the target take turns, all requests of an iteration at one of them", async (t) => {
  const asked: string[] = [];
  const start = (name: string) =>
    startTarget(t, (request, response) => {
      asked.push(`${name}${request.url}`);
      response.end();
    });
  const [first, second, third] = await Promise.all([start("1"), start("2"), start("3")]);
  const files = {
    "load.ts": `
import { currentTarget, request, targetUrl } from ${JSON.stringify(lib)};
import http from "k6/http";
export default () => { request("/a"); http.get(currentTarget() + "/b"); http.get(targetUrl + "/first"); };
`,
  };
  const rate = constantRate(30);
  await runTrial(t, { files, targetUrl: first, furtherUrls: [second, third], rate, afterMs: 1000 });
  const count = (what: string) => asked.filter((one) => one === what).length;
  const turns = ["1/a", "2/a", "3/a"].map(count);
  t.true(Math.min(...turns) > 0 && Math.max(...turns) - Math.min(...turns) <= 1, turns.join(" "));
  t.deepEqual(["1/b", "2/b", "3/b"].map(count), turns);
  t.is(
    count("1/first"),
    turns.reduce((sum, each) => sum + each),
  );
});
