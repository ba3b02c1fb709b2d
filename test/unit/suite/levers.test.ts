/** Limits of a program's own that `tunebench find` may change: a variable, or an option of the target's command. */
import test from "ava";
import fc from "fast-check";
import { findOfSuite } from "../../../harness/experiment/find-suite.ts";
import { armForm } from "../../../harness/experiment/find-trials.ts";
import { optionValue, withOption } from "../../../harness/suite/command-option.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

const suiteWith = (command: string, lever: string) =>
  suiteFrom(
    "ports",
    (text) =>
      `${text.replace(/^( +)command: .*$/m, `$1command: ${command}`)}\nfind: { levers: { backlog: ${lever} } }\n`,
  );

const words = (command: string) => ["node", "target.ts", ...command.split(" ")];

test("an option of the command is known with its value, and another value stands in its place", (t) => {
  for (const [command, option, value, changed] of [
    ["--backlog 511 --workers 2", "--backlog", "511", "--backlog 65535 --workers 2"],
    ["-b 511", "-b", "511", "-b 65535"],
    ["--server.tomcat.accept-count=100", "--server.tomcat.accept-count", "100", "--server.tomcat.accept-count=65535"],
    ["--backlog 1 --backlog=2", "--backlog", "2", "--backlog 1 --backlog=65535"],
  ] as const) {
    const suite = suiteWith(`[${words(command).join(", ")}]`, `command.${option}`);
    const { levers } = findOfSuite(suite);
    t.deepEqual(levers, [{ name: "backlog", what: "backlog", place: `command.${option}`, role: "target", value }]);
    const arm = { target: {}, upstreams: {}, levers: { backlog: "65535" } };
    t.deepEqual(armForm(levers, arm, suite.target.command), { command: words(changed) });
    t.deepEqual(armForm(levers, { ...arm, levers: {} }, suite.target.command), {});
  }
});

test("what is put into an option is read from it, and nothing else of the command changes", (t) => {
  const word = fc.string({ minLength: 1 });
  const command = fc.tuple(fc.array(word), fc.constantFrom(["--n", "x"], ["--n=x"]), fc.array(word));
  const property = fc.property(command, fc.string(), ([before, option, after], value) => {
    const whole = [...before, ...option, ...after];
    const changed = withOption(whole, "--n", value);
    t.is(optionValue(changed, "--n"), value);
    t.is(changed.filter((one, place) => one !== whole[place]).length <= 1, true);
  });
  t.notThrows(() => fc.assert(property, { numRuns: 200 }));
});

test("an option that the command does not have is refused at its place", (t) => {
  const refused = (command: string, lever: string) =>
    t.throws(() => suiteWith(command, lever), { instanceOf: SuiteError })?.message ?? "";
  t.regex(
    refused("[node, target.ts]", "command.--backlog"),
    /^ports\.yaml:\d+:\d+: find\.levers\.backlog: target\.command has no value for --backlog/,
  );
  t.regex(refused("[node, target.ts, --backlog]", "command.--backlog"), /has no value for --backlog/);
  t.regex(
    refused("[node, --backlog, 5]", "upstreams.db.command.--backlog"),
    /command\.--OPTION: an option of the target/,
  );
});
