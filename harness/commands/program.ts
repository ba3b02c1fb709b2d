import { Command, InvalidArgumentError } from "commander";
import { ownVersion } from "../core/package-root.ts";
import { addClusterCommands } from "./cluster-commands.ts";
import { addDeliverCommand } from "./deliver-command.ts";
import type { Finish } from "./finish.ts";
import { compareFormats, explainFormats, gateFormats, reportFormats } from "./formats.ts";

/**
 * The command line. It knows every command's options, and loads a command only when that is called: --help and --version cost
 * nothing but this. `setExitCode` takes what a command ends with. Usage errors are thrown as CommanderError.
 */
export function createProgram(setExitCode: (code: number) => void): Command {
  const program = new Command("tunebench")
    .description(
      "Which kernel setting moved the wall, by how much, how sure that is, and what the real bottleneck was.",
    )
    .version(ownVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", examples);
  const finish: Finish =
    (load) =>
    async (...args) =>
      setExitCode(await (await load())(...args));

  addRuns(program, finish);
  withPlanOptions(program.command("plan").argument("[suite]", suiteHelp, "."))
    .description("what would run, in which order, how long, and where the arithmetic expects each wall")
    .option("--cluster <name>", "where it would run (default: where the suite says, else local)")
    .action(finish(async () => (await import("./plan.ts")).plan));
  program
    .command("report")
    .argument("<run>", "a run's folder, its id, or latest")
    .description("make a stored run's reports again, or print one")
    .option("--format <format>", `print one of ${reportFormats.join(", ")}`)
    .option("--out <dir>", "folder that holds runs", "results")
    .action(finish(async () => (await import("./report.ts")).report));
  addComparisons(program, finish);
  addDeliverCommand(program, finish);
  program
    .command("doctor")
    .description("what this machine, or a cluster, can and cannot do, each with its remedy")
    .option("--cluster <name>", "which cluster to look at", "local")
    .option("--keys <names>", "sysctls that a cluster's pods are to have, comma separated", (text) => text.split(","))
    .option("--probe", "let one pod of the cluster read its node's settings too")
    .action(finish(async () => (await import("./doctor.ts")).doctor));
  addClusterCommands(program, finish);
  program
    .command("explain")
    .argument("[name]", "a sysctl: net.core.somaxconn, or its last word; or a finding: port-exhaustion")
    .description(
      "what is known of a kernel setting: what it bounds, when it is read, what to try, traps, how to deliver it; or what a finding means",
    )
    .option("--format <format>", `one of ${explainFormats.join(", ")}`, "terminal")
    .action(finish(async () => (await import("./explain.ts")).explain));
  program
    .command("init")
    .argument("[dir]", "folder to fill", ".")
    .description("copy a scenario into a folder, to run and to change")
    .option("--scenario <name>", "which one (see list)", "port-exhaustion")
    .action(finish(async () => (await import("./init.ts")).init));
  program
    .command("list")
    .description("the scenarios that come with tunebench")
    .action(finish(async () => (await import("./list.ts")).list));
  program
    .command("clean")
    .description("remove what unfinished runs left; results stay")
    .option("--out <dir>", "folder that holds runs", "results")
    .option("--cluster <name>", "remove what runs left in this cluster too", "local")
    .option("--cache", "remove the cached k6 and Kubernetes too")
    .action(finish(async () => (await import("./clean.ts")).clean));
  program
    .command("schema")
    .description("the JSON Schema of a suite file")
    .option("--cluster", "of a cluster file instead")
    .action(finish(async () => (await import("./schema.ts")).schema));
  for (const command of program.commands) command.exitOverride();
  return program;
}

function addRuns(program: Command, finish: Finish): void {
  const experiment = withPlanOptions(program.command("run").argument("[suite]", suiteHelp, "."));
  withPlaceOptions(experiment.description("carry out a suite: every profile, every block, then the report")).action(
    finish(async () => (await import("./run.ts")).run),
  );
  program
    .command("resume")
    .argument("<run>", "a run's folder, its id, or latest")
    .description("go on with a run that was cut off: finished trials stay, the order stays")
    .option("--out <dir>", "folder that holds runs", "results")
    .option("--k6 <path>", k6Help)
    .option("--allow-node-changes", nodeChangesHelp)
    .action(finish(async () => (await import("./resume.ts")).resume));
  const calibration = program.command("calibrate").argument("[suite]", suiteHelp, ".");
  calibration
    .description("the baseline against itself: how much luck looks like an effect, and what can be found")
    .option("--blocks <n>", "pairs of trials (default: 10)", wholeNumber(2, 1000))
    .option("--seed <n>", seedHelp, wholeNumber(0, 2 ** 32 - 1));
  withPlaceOptions(calibration).action(finish(async () => (await import("./calibrate.ts")).calibrate));
}

/** Options of whatever makes a run. */
function withPlaceOptions(command: Command): Command {
  return command
    .option("--out <dir>", "folder that holds runs", "results")
    .option("--k6 <path>", k6Help)
    .option("--cluster <name>", "where to run (default: the suite's cluster, else local: this machine)")
    .option("--allow-node-changes", nodeChangesHelp);
}

function addComparisons(program: Command, finish: Finish): void {
  program
    .command("gate")
    .argument("<runs...>", "one run that holds both, or the baseline's and the candidate's")
    .description("whether the candidate is worse than the baseline: exit 0 no, 1 yes, 5 can't be told")
    .option("--baseline <profile>", "profile to compare with (default: the run's baseline)")
    .option(
      "--candidate <profile>",
      "profile to judge (default: the only other one; of two runs with one profile each, the same name)",
    )
    .option("--allow <kinds>", "what two runs may differ in, comma separated: cpu,kernel,...", (text) =>
      text.split(","),
    )
    .option("--format <format>", `print one of ${gateFormats.join(", ")}`, "terminal")
    .option("--md <file>", "write the comment for a pull request too")
    .option("--json <file>", "write the decision with all its numbers too")
    .option("--junit <file>", "write JUnit XML too")
    .option("--out <dir>", "folder that holds runs", "results")
    .action(finish(async () => (await import("./gate.ts")).gate));
  program
    .command("compare")
    .argument("<run>", "the baseline: a run's folder, its id, or latest")
    .argument("<other>", "the candidate")
    .description("two stored runs, profile by profile")
    .option("--format <format>", `print one of ${compareFormats.join(", ")}`, "terminal")
    .option("--out <dir>", "folder that holds runs", "results")
    .action(finish(async () => (await import("./compare.ts")).compare));
}

const k6Help = "k6 to use (default: TUNEBENCH_K6, PATH, or built once into the cache)";
const nodeChangesHelp = "let the route `node` write settings on nodes that are labelled for it; they are restored";
const seedHelp = "order of the trials; the same seed gives the same order";
const suiteHelp = "a scenario's folder or a suite file";

const examples = `
Examples:
  tunebench run scenarios/port-exhaustion     five profiles, a minute
  tunebench run --profiles baseline,reuse --blocks 8
  tunebench resume latest                     after Ctrl-C, a crash, a reboot
  tunebench report latest --format md | less
  tunebench gate latest --candidate new-build --md comment.md --junit gate.xml
  tunebench plan my-suite.yaml
`;

/** Options that choose what is run; shared by run and plan so that a plan is what a run would do. */
function withPlanOptions(command: Command): Command {
  return command
    .option("--profiles <names>", "only these, comma separated (the baseline always stays in)", (text) =>
      text.split(","),
    )
    .option("--blocks <n>", "how often every profile is run", wholeNumber(1, 1000))
    .option("--seed <n>", seedHelp, wholeNumber(0, 2 ** 32 - 1));
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is wanted.`);
  };
}
