/** docs/examples/gate.yml: what it runs must exist, and it must ask for no more than it needs. */
import { readFileSync } from "node:fs";
import test from "ava";
import { parse } from "yaml";
import { createProgram } from "../../harness/commands/program.ts";
import { treeFile } from "../helpers/cli.ts";

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { permissions: Record<string, string>; steps: Step[] }>;
}

const workflow: Workflow = parse(readFileSync(treeFile("docs/examples/gate.yml"), "utf8"));
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const scripts = steps.flatMap(({ run }) => run ?? []);

/** `tunebench gate latest --md gate.md` as ["gate", "latest", "--md", "gate.md"]. */
function callsOf(text: string): string[][] {
  return [...text.matchAll(/npx tunebench ([^|\n]*)/g)].map((match) => (match[1] ?? "").trim().split(/\s+/));
}

test("each command of tunebench exists, with its options", (t) => {
  const program = createProgram(() => {});
  const found = scripts.flatMap(callsOf);
  t.deepEqual(
    found.map(([name]) => name),
    ["doctor", "run", "gate"],
  );
  for (const [name, ...words] of found) {
    const command = program.commands.find((one) => one.name() === name);
    t.not(command, undefined, name);
    for (const flag of words.filter((word) => word.startsWith("--"))) {
      t.not(
        command?.options.find(({ long }) => long === flag),
        undefined,
        `${name} ${flag}`,
      );
    }
  }
});

test("exit code 5 is a warning, 1 fails the job", (t) => {
  const gate = scripts.find((script) => script.includes("tunebench gate")) ?? "";
  t.regex(gate, /\|\| code=\$\?/);
  t.regex(gate, /"\$code" -eq 5 \]; then\n\s+echo "::warning [^\n]*\n\s+exit 0/);
  t.regex(gate.trim(), /exit "\$code"$/);
});

test("no text of a pull request reaches a shell: expressions stand in env and with only", (t) => {
  t.deepEqual(
    scripts.filter((script) => script.includes("${{")),
    [],
  );
});

test("the least permissions: the job that runs the pull request's code only reads, the one that comments runs none", (t) => {
  t.deepEqual(workflow.permissions, {});
  t.deepEqual(workflow.jobs.gate?.permissions, { contents: "read" });
  t.deepEqual(workflow.jobs.comment?.permissions, { "pull-requests": "write" });
  const uses = workflow.jobs.comment?.steps.flatMap((step) => step.uses ?? []);
  t.deepEqual(
    uses?.map((action) => action.split("@")[0]),
    ["actions/download-artifact"],
  );
  for (const { uses: action, with: options } of steps) {
    if (action?.startsWith("actions/checkout@")) t.is(options?.["persist-credentials"], false);
  }
});

test("root is used for the one setting that user namespaces need", (t) => {
  const asRoot = scripts.flatMap((script) => script.split("\n")).filter((line) => /\bsudo\b/.test(line));
  t.deepEqual(asRoot, ["sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"]);
});

test("actions are named by their commit, which can't be moved as a tag can; the comment is the gate's own file", (t) => {
  for (const { uses } of steps) if (uses !== undefined) t.regex(uses, /^actions\/[a-z-]+@[0-9a-f]{40}$/);
  const [comment = ""] = scripts.filter((script) => script.includes("gh pr comment"));
  t.is(comment.match(/--body-file gate\.md/g)?.length, 2);
  t.true(steps.some(({ with: options }) => String(options?.path).includes("candidate/gate.xml")));
});
