import { redacted, redactedCommand } from "../../core/secrets.ts";
import { escaped } from "../../core/text.ts";
import { isKnownPrivate, sysctlKeyProblem } from "../../knowledge/keys.ts";
import { environmentLines } from "./env.ts";
import type { ContainerSeen, ProgramSeen, ServiceSeen } from "./service.ts";
import type { Upstream } from "./upstreams.ts";
import { comment, escapeReferences, flow, indented, isLine, scalar } from "./yaml-words.ts";

/** What stands below `target:`: what the service was started by, where it listens, its environment and its settings as found. */
export function targetLines(service: ServiceSeen, upstreams: Upstream[]): string[] {
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
