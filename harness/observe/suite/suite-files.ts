import { grouped } from "../../core/numbers.ts";
import { redacted, redactedCommand } from "../../core/secrets.ts";
import { escaped } from "../../core/text.ts";
import { isKnownPrivate, sysctlKeyProblem } from "../../knowledge/keys.ts";
import { environmentLines } from "./environment.ts";
import { loadScript } from "./load-script.ts";
import type { ContainerSeen, ProgramSeen, ServiceSeen } from "./service.ts";
import { isReused } from "./traffic.ts";
import { flowWords, labelOf, type Upstream, upstreamLines, upstreamsOf } from "./upstreams.ts";
import { comment, escapeReferences, flow, indented, isLine, scalar } from "./yaml-words.ts";

/** Files of a suite, by their names in its folder. */
export type SuiteFiles = Record<string, string>;

/** Upstreams beyond so many are named, and left to whoever reads it: a namespace of its own for each. */
const mostUpstreams = 8;

/**
 * A suite that would reproduce what was seen: the service's own command, what it dials as stand-ins, its settings as found, and a load of as many
 * new connections a second. What is guessed is said in a comment. Pure; `standIn` is the program that stands in for what is dialled.
 */
export function suiteFilesOf(service: ServiceSeen, standIn: string): SuiteFiles {
  const upstreams = upstreamsOf(service.traffic.destinations.slice(0, mostUpstreams));
  return {
    "suite.yaml": suiteText(service, upstreams),
    "load.ts": loadScript(service),
    ...(upstreams.length === 0 ? {} : { "stand-in.mjs": standIn }),
    ...(service.what.kind === "pod" ? { "pod.yaml": service.what.manifest } : {}),
  };
}

function suiteText(service: ServiceSeen, upstreams: Upstream[]): string {
  const { what, traffic } = service;
  return [
    "# yaml-language-server: $schema=./suite.schema.json",
    ...comment(headWords(service)),
    `name: ${scalar(labelOf(service.name))}`,
    ...(what.kind === "pod" && what.cluster !== null ? [`cluster: ${scalar(what.cluster)}`] : []),
    "",
    "target:",
    ...indented(targetLines(service, upstreams)),
    "",
    ...upstreamLines(upstreams, traffic.destinations.length - upstreams.length),
    ...loadLines(service),
    "stop: { after: 20s, saturated: { windows: 20 } }",
    "",
    ...comment("Add what you want to compare: settings, or another build; `tunebench find` looks by itself."),
    "profiles:",
    "  baseline: {}",
    "",
  ].join("\n");
}

function headWords({ subject, looked }: ServiceSeen): string {
  const others =
    looked.others === 0
      ? ""
      : ` Its network is shared with ${grouped(looked.others)} other processes, whose connections are counted with its own.`;
  return `What ${escaped(subject)} was seen to do in ${grouped(looked.seconds, 0)} s, as a suite.${others} What is a guess is said beside it.`;
}

function targetLines(service: ServiceSeen, upstreams: Upstream[]): string[] {
  const { what, port, isLocal, traffic } = service;
  const others = traffic.listeners.filter((one) => one !== port);
  return [
    ...(what.kind === "program"
      ? programLines(what)
      : [`kubernetes: { manifest: pod.yaml, container: ${scalar(what.container)} }`]),
    ...(port === null ? comment("It was not seen to listen: this port is a guess.") : []),
    ...(isLocal === true ? comment(localWords) : []),
    `port: ${port ?? 8080}${others.length === 0 || others.length > 6 ? "" : ` # others in its network: ${others.join(", ")}`}`,
    "ready: { tcp: true, within: 30s }",
    ...environmentLines(
      what.kind === "program"
        ? { ...what, isContainer: what.container !== null }
        : { env: what.env, shared: [], isContainer: false },
      upstreams,
    ),
    ...settingLines(service),
  ];
}

const localWords =
  "It was seen to listen on loopback alone, where nobody in another network namespace reaches it: have it listen on all addresses, else `tunebench try` fails.";

function programLines(program: ProgramSeen): string[] {
  if (program.container !== null) return containerLines(program.container);
  const { command, rewritten, folder } = program;
  const whole = !rewritten && command.every(isLine);
  return [
    ...comment(`It ran in ${escaped(folder)}.`),
    ...(whole ? [] : comment(argumentsWords[rewritten ? "rewritten" : "unwritable"])),
    `command: ${flow(redactedArguments(whole ? command : command.slice(0, 1)))}`,
  ];
}

/** As its engine made it; what it mounts lies elsewhere than in the suite's folder. */
function containerLines({ image, entrypoint, command, user, mounts }: ContainerSeen): string[] {
  const words = (key: string, own: string[] | null) => {
    if (own === null || own.length === 0) return [];
    return own.every(isLine)
      ? [`${key}: ${flow(redactedArguments(own))}`]
      : comment(`Its ${key} can't stand in a suite (line breaks): the image's own is used.`);
  };
  return [
    `image: ${scalar(image)}`,
    ...words("entrypoint", entrypoint),
    ...words("command", command),
    ...(user === null ? [] : [`user: ${JSON.stringify(user)}`]),
    ...(mounts.length === 0
      ? []
      : comment(
          `It sees more than its image: ${mounts.map(escaped).join(", ")}. \`mounts\` gives it files of this folder.`,
        )),
  ];
}

const argumentsWords = {
  rewritten: "It has rewritten its arguments, so only the program is known: add them.",
  unwritable: "Its arguments can't stand in a suite (line breaks): put them into a file of this folder, and add that.",
};

/** A secret's place is a reference to a variable of whoever runs the suite, which is never stored. */
function redactedArguments(command: readonly string[]): string[] {
  return redactedCommand(command).map((word, at) => {
    const original = command[at] ?? "";
    if (word === original) return escapeReferences(word);
    return escapeReferences(word).replaceAll(redacted, `\${env.${variableFor(command[at - 1] ?? "", original)}}`);
  });
}

/** `--db-password=x` and `--db-password x` -> DB_PASSWORD. */
function variableFor(before: string, word: string): string {
  const option = word.includes("=") ? word.slice(0, word.indexOf("=")) : before;
  const name = option
    .replace(/^-+/, "")
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[A-Z_]/.test(name) ? name : `SECRET_${name}`.replace(/_$/, "");
}

/** As found, those that a namespace may have. */
function settingLines({ settings }: ServiceSeen): string[] {
  const own = settings.filter(({ key }) => sysctlKeyProblem(key) === null && isKnownPrivate(key));
  if (own.length === 0) return [];
  return [
    "sysctls: # as found, where it is not the kernel's default",
    ...indented(own.map(({ key, value }) => `${key}: ${scalar(value)}`)),
  ];
}

function loadLines(service: ServiceSeen): string[] {
  const { incoming } = service.traffic;
  const reused = isReused(incoming);
  const perSecond = Math.round(incoming.openedPerSecond ?? 0);
  const isGuess = reused || perSecond < 1;
  const words = `Seen to come in: ${flowWords(incoming)}.`;
  const why = isGuess
    ? " Requests are not seen from outside the program, so the rate is a guess: put in what you know of it."
    : "";
  return [
    ...comment(`${words}${why}`),
    "load:",
    ...indented([
      "script: load.ts",
      `rate: ${isGuess ? Math.max(guessedRate(service), 1) : perSecond}/s`,
      `keepConnections: ${reused}`,
    ]),
    "",
  ];
}

/** As many requests as the service dials, where it does; else few. */
function guessedRate({ traffic: { destinations, incoming } }: ServiceSeen): number {
  const dialled = destinations.reduce((sum, { openedPerSecond }) => sum + (openedPerSecond ?? 0), 0);
  return Math.round(Math.max(dialled, incoming.openedPerSecond ?? 0, 10));
}
