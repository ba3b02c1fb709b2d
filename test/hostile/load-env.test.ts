/** What a suite gives the load script must not replace the load that the suite says. */
import test from "ava";
import { parseSuite } from "../../harness/suite/parse.ts";
import { SuiteError } from "../../harness/suite/problems.ts";
import { suiteText } from "../helpers/suite-files.ts";

const replacing = [
  "K6_VUS",
  "K6_ITERATIONS",
  "K6_DURATION",
  "K6_STAGES",
  "K6_PAUSED",
  "K6_LOG_FORMAT",
  "K6_LOG_OUTPUT",
  "OTEL_METRIC_EXPORT_INTERVAL",
  "GOMAXPROCS",
  "GODEBUG",
  "SSL_CERT_FILE",
  "HTTP_PROXY",
  "https_proxy",
  "no_proxy",
  "LD_PRELOAD",
  "XDG_CONFIG_HOME",
  "TARGET_URL",
  "TUNEBENCH_OPTIONS",
];

function withLoadEnv(env: Record<string, string>): string {
  return suiteText("ports").replace(/^load:\n/m, `load:\n  env: ${JSON.stringify(env)}\n`);
}

for (const name of replacing) {
  test(`load.env: ${name} is refused at its place, with the reason`, (t) => {
    const text = withLoadEnv({ PATHNAME: "/slow", [name]: "1" });
    const line = text.split("\n").findIndex((one) => one.includes(name)) + 1;
    const column = (text.split("\n")[line - 1] ?? "").indexOf(`"${name}"`) + 1;
    const { problems } = t.throws(() => parseSuite(text, "s.yaml"), { instanceOf: SuiteError }) as SuiteError;
    t.deepEqual(
      problems.map((problem) => [problem.line, problem.column]),
      [[line, column]],
    );
    t.regex(problems[0]?.text ?? "", new RegExp(`${name} can't be set for the load: .+`));
  });
}

test("load.env: names of the script's own pass", (t) => {
  const passing = { PATHNAME: "/slow", GO: "1", K6: "1", API_TOKEN: "x", PROXY_MODE: "on", TARGET: "a" };
  t.deepEqual(parseSuite(withLoadEnv(passing), "s.yaml").load.env, passing);
});
