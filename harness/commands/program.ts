import { Command, InvalidArgumentError } from "commander";
import { ownVersion } from "../core/package-root.ts";
import { addClusterCommands } from "./cluster-commands.ts";
import { addDeliverCommand } from "./deliver-command.ts";
import type { Finish } from "./finish.ts";
import {
  choiceOption,
  directions,
  documentFormats,
  formatOption,
  gateFormats,
  pushKinds,
  reportFormats,
  textFormats,
} from "./formats.ts";
import { addObserveCommand } from "./observe-command.ts";
import { runHelp, withLatest, withResults } from "./results-option.ts";

/**
 * The command line. It knows every command's options, and loads a command only when that is called: --help and --version cost
 * nothing but this. `setExitCode` takes what a command ends with. Usage errors are thrown as CommanderError.
 */
export function createProgram(setExitCode: (code: number) => void): Command {
  const program = new Command("tunebench")
    .description(
      "Load-test experiments for kernel settings: which one helps, by how much, how sure, and what else binds.",
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
    .description("Show what would run, in which order, how long, and where the arithmetic expects each wall.")
    .option("--find", "what `find` would do instead, and what fits into its budget")
    .option("--keys <names>", "with --find: sysctls that it is to try, comma separated", separated)
    .option("--budget <time>", "with --find: most time for all its trials (default: 20m)")
    .option("--cluster <name>", "where it would run (default: where the suite says, else local)")
    .addOption(formatOption(textFormats).default("terminal"))
    .action(finish(async () => (await import("./plan.ts")).plan));
  withLatest(withResults(program.command("report").argument("[run]", runHelp)))
    .description("Make a stored run's reports again, or print one; push its numbers; index a folder of runs.")
    .addOption(reportFormat)
    .option("--index", "of all runs below --results: one page with every measure from run to run")
    .addOption(choiceOption("--better <direction>", directions, "of github-benchmark only measures better this way"))
    .option(
      "--push <url>",
      "send its numbers by remote write or OTLP/HTTP (Authorization: TUNEBENCH_PUSH_AUTHORIZATION)",
    )
    .addOption(choiceOption("--push-as <kind>", pushKinds, "what receives there (default: as the URL's path says)"))
    .action(finish(async () => (await import("./report.ts")).report));
  addComparisons(program, finish);
  addObserveCommand(program, finish);
  addDeliverCommand(program, finish);
  program
    .command("doctor")
    .description("Check what this machine, or a cluster, can and cannot do, each with its remedy.")
    .option("--cluster <name>", "which cluster to look at", "local")
    .option("--keys <names>", "sysctls that a cluster's pods are to have, comma separated", separated)
    .option("--probe", "let one pod of the cluster read its node's settings too")
    .option("--routes", "try by which routes the keys (KEY or KEY=VALUE) get into pods, with one pod for each")
    .option("--allow-node-changes", nodeChangesHelp)
    .addOption(formatOption(textFormats).default("terminal"))
    .action(finish(async () => (await import("./doctor.ts")).doctor));
  addClusterCommands(program, finish);
  program
    .command("explain")
    .argument(
      "[name]",
      "a sysctl: net.core.somaxconn, or its last word; a finding: port-exhaustion; or a caveat: shared-cpus",
    )
    .description(
      "Explain a kernel setting (what it bounds, when it is read, what to try, traps, how to deliver it), a finding or a caveat.",
    )
    .addOption(formatOption(documentFormats).default("terminal"))
    .action(finish(async () => (await import("./explain.ts")).explain));
  program
    .command("init")
    .argument("[dir]", "folder to fill", ".")
    .description("Write a suite into a folder, to run and to change: a scenario's, or one for a service of your own.")
    .option("--scenario <name>", "which one (see list; default: port-exhaustion)")
    .option("--command <command>", 'your program with its arguments, in one text: "node server.js"; it is started once')
    .option("--manifest <file>", "your Kubernetes objects: what of them is the target is found")
    .option("--image <image>", "your container image, of docker or podman on this machine")
    .option("--compose <file>", "your compose file: which service is the target is found")
    .action(finish(async () => (await import("./init.ts")).init));
  withResults(program.command("list"))
    .description("List the scenarios that come with tunebench, or the runs of a folder.")
    .option("--runs", "the runs below --results, each with its verdict")
    .addOption(formatOption(textFormats).default("terminal"))
    .action(finish(async () => (await import("./list.ts")).list));
  withResults(program.command("clean"))
    .description("Remove what unfinished runs left; results stay.")
    .option("--cluster <name>", "remove what runs left in this cluster too", "local")
    .option("--cache", "remove the cached k6 and Kubernetes too")
    .action(finish(async () => (await import("./clean.ts")).clean));
  program
    .command("schema")
    .description("Print the JSON Schema of a suite file.")
    .option("--cluster", "of a cluster file instead")
    .action(finish(async () => (await import("./schema.ts")).schema));
  for (const command of program.commands) command.exitOverride();
  return program;
}

function addRuns(program: Command, finish: Finish): void {
  withLoadOptions(program.command("try").argument("[suite]", suiteHelp, "."))
    .description("Try a suite: a few seconds of its baseline at a low rate, and what was answered. It keeps nothing.")
    .option("--cluster <name>", clusterHelp)
    .addOption(formatOption(textFormats).default("terminal"))
    .action(finish(async () => (await import("./try.ts")).tryOut));
  withRunOptions(withPlanOptions(program.command("run").argument("[suite]", suiteHelp, ".")))
    .description("Run a suite: every profile, every block, then the report.")
    .option("--cluster <name>", clusterHelp)
    .action(finish(async () => (await import("./run.ts")).run));
  withRunOptions(program.command("find").argument("[suite]", suiteHelp, "."))
    .description("Find which settings help a service, which don't, and what else it needs; no profiles are needed.")
    .option("--keys <names>", "sysctls to try, comma separated (default: those for this kind of load)", separated)
    .option("--budget <time>", "most time for all trials (default: 20m)")
    .option("--write <dir>", "write a suite with the baseline and what was found into this folder")
    .option("--seed <n>", seedHelp, wholeNumber(0, 2 ** 32 - 1))
    .option("--cluster <name>", clusterHelp)
    .action(finish(async () => (await import("./find.ts")).find));
  withLatest(withRunOptions(program.command("resume").argument("<run>", runHelp)))
    .description("Resume a run that was cut off: finished trials stay, the order stays.")
    .action(finish(async () => (await import("./resume.ts")).resume));
  withRunOptions(program.command("calibrate").argument("[suite]", suiteHelp, "."))
    .description("Run the baseline against itself: how much luck looks like an effect, and what can be found.")
    .option("--blocks <n>", "pairs of trials (default: 10)", wholeNumber(2, 1000))
    .option("--seed <n>", seedHelp, wholeNumber(0, 2 ** 32 - 1))
    .option("--cluster <name>", clusterHelp)
    .action(finish(async () => (await import("./calibrate.ts")).calibrate));
}

function addComparisons(program: Command, finish: Finish): void {
  withLatest(withResults(program.command("gate")))
    .argument("<runs...>", "one run that holds both, or the baseline's and the candidate's")
    .description("Compare a candidate with its baseline; exit with 0 (no worse), 1 (a regression) or 5 (inconclusive).")
    .option("--baseline <profile>", "profile to compare with (default: the run's baseline)")
    .option(
      "--candidate <profile>",
      "profile to judge (default: the only other one; of two runs with one profile each, the same name)",
    )
    .option("--allow <kinds>", "what two runs may differ in, comma separated: cpu,kernel,...", separated)
    .addOption(formatOption(gateFormats).default("terminal"))
    .option("--md <file>", "write the comment for a pull request too")
    .option("--json <file>", "write the decision with all its numbers too")
    .option("--junit <file>", "write JUnit XML too")
    .action(finish(async () => (await import("./gate.ts")).gate));
  withLatest(withResults(program.command("compare")))
    .argument("<run>", "the baseline: a run's folder, its id, or latest")
    .argument("<other>", "the candidate")
    .description("Compare two stored runs, profile by profile, as the gate would.")
    .addOption(formatOption(documentFormats).default("terminal"))
    .action(finish(async () => (await import("./compare.ts")).compare));
}

const suiteHelp = "a scenario's folder or a suite file";
const clusterHelp = "where to run (default: the suite's cluster, else local: this machine)";
const nodeChangesHelp = "let the route `node` write settings on nodes that are labelled for it; they are restored";
const seedHelp = "order of the trials; the same seed gives the same order";
const reportFormat = formatOption(reportFormats, "print this instead of the path of report.html");

const examples = `
Examples:
  tunebench try my-suite.yaml                 does it work, what is answered
  tunebench run scenarios/port-exhaustion     five profiles, a minute
  tunebench run --profiles baseline,reuse --blocks 8
  tunebench find my-suite.yaml --budget 20m   which settings help? no profiles
  tunebench resume latest                     after Ctrl-C, a crash, a reboot
  tunebench report latest --format md | less
  tunebench gate latest --candidate new-build --md comment.md --junit gate.xml
  tunebench plan my-suite.yaml                what would run; --find: by find
`;

/** Options of what makes or completes a run. */
function withRunOptions(command: Command): Command {
  return withLoadOptions(withResults(command).addOption(reportFormat));
}

/** Options of what makes a load. */
function withLoadOptions(command: Command): Command {
  return command
    .option("--k6 <path>", "k6 to use (default: TUNEBENCH_K6, PATH, or built once into the cache)")
    .option("--allow-node-changes", nodeChangesHelp);
}

/** Options that choose what is run; shared by run and plan so that a plan is what a run would do. */
function withPlanOptions(command: Command): Command {
  return command
    .option("--profiles <names>", "only these, comma separated (the baseline always stays in)", separated)
    .option("--blocks <n>", "how often every profile is run", wholeNumber(1, 1000))
    .option("--seed <n>", seedHelp, wholeNumber(0, 2 ** 32 - 1));
}

function separated(text: string): string[] {
  return text.split(",");
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
