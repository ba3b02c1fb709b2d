import { InputError } from "../../core/errors.ts";
import { jsonText } from "../../core/text.ts";
import { code, codes, command } from "../code-spans.ts";
import {
  chosenName,
  containerSecurity,
  containerTraps,
  holdsWords,
  notItsOwn,
  readInside,
} from "../container-words.ts";
import { isMap } from "../objects.ts";
import { checkOneValue } from "../one-value.ts";
import type { FromFile, Platform } from "../platform.ts";
import { replaced } from "../replaced-value.ts";
import type { DeliveredSetting } from "../selection.ts";
import { YamlFile } from "../yaml/file.ts";
import type { Plain, YamlPath } from "../yaml/model.ts";
import { isJsonObject, locationIn } from "./allowlist-file.ts";

const fileName = "1-task-definition.json";
const containers = "containerDefinitions";
const controls = "systemControls";

/** What describe-task-definition tells and register-task-definition refuses. */
const told = [
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
  "deleteRequestedAt",
];

/**
 * Amazon ECS: `systemControls` of a container in the task definition.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html
 */
export const ecs: Platform = {
  title: "Amazon ECS",
  reaches: "container",
  from: { what: "the task definition, JSON (--workload names the container)", isYaml: () => false },
  owns: () => false,
  plan({ settings }, from) {
    checkOneValue(settings, "a container");
    const { text, container, at, notes } = from === null ? fragment(settings) : merged(from, settings);
    return {
      files: [{ name: fileName, text }],
      nodeSettingsIn: [locationIn(fileName, [containers, at, controls])],
      notes: [
        ...notes,
        "With the network mode awsvpc all containers of a task have one network: give a key to one of them only, for the value of the container that starts last wins.",
        "On Fargate these are to be had from platform version 1.4.0 on, and on Linux only.",
      ],
      first:
        "Begin with a service of one task beside yours, of the new revision and behind the same target group; then the service itself.",
      steps: [
        `Keep what is there: the service's task definition (OLD_REVISION below), which is what \`--from\` takes.\n${command("aws ecs describe-task-definition --task-definition YOUR_FAMILY --query taskDefinition > task-definition.json")}`,
        `A new revision.${from === null ? ` The file holds only what is to be added to the container \`${container}\`: with \`--from\` it is merged.` : ""}\n${command(`aws ecs register-task-definition --cli-input-json file://${fileName}`)}`,
        `The service takes it.\n${command("aws ecs update-service --cluster YOUR_CLUSTER --service YOUR_SERVICE --task-definition YOUR_FAMILY:NEW_REVISION")}`,
      ],
      nodes:
        "No instance is changed. The service replaces its tasks, as its deployment configuration says how many at once.",
      verify: [
        `Inside a task, ${holdsWords(settings)} (ECS Exec must be on for it).\n${command(`aws ecs execute-command --cluster YOUR_CLUSTER --task YOUR_TASK --container ${container} --interactive --command '${readInside(settings)}'`)}`,
      ],
      undo: [
        `The revision before.\n${command("aws ecs update-service --cluster YOUR_CLUSTER --service YOUR_SERVICE --task-definition YOUR_FAMILY:OLD_REVISION")}`,
      ],
      security: containerSecurity,
      traps: [
        ...containerTraps,
        "The instance's user data (`sysctl -w`): that is the instance's own network, which only tasks with the network mode host have.",
      ],
    };
  },
};

interface TaskDefinition {
  text: string;
  container: string;
  /** Its place among the containers. */
  at: number;
  notes: string[];
}

function fragment(settings: DeliveredSetting[]): TaskDefinition {
  const container = "YOUR_CONTAINER";
  const systemControls = settings.map(({ key, value }) => ({ namespace: key, value }));
  return { text: jsonText({ [containers]: [{ name: container, systemControls }] }), container, at: 0, notes: [] };
}

function merged(from: FromFile, settings: DeliveredSetting[]): TaskDefinition {
  if (!isJsonObject(from.text)) throw new InputError(`${from.name} is no JSON object`);
  const file = new YamlFile(from.name, from.text);
  if (file.has([0, "taskDefinition"])) {
    throw new InputError(`${from.name}: the task definition is within \`taskDefinition\``, {
      hint: "aws ecs describe-task-definition ... --query taskDefinition",
    });
  }
  const names = file.listAt([0, containers]).map((one) => (isMap(one) ? String(one.name) : ""));
  const container = chosenName(names, from, "container");
  if (file.textAt([0, "networkMode"]) === "host") throw file.wrong([0, "networkMode"], ...notItsOwn("host"));
  const at = names.indexOf(container);
  for (const other of names.keys()) if (other !== at) checkOther(file, other, names[other] ?? "", settings);
  const notes = settings.flatMap((setting) => putControl(file, [0, containers, at, controls], setting) ?? []);
  notes.push(...withoutTold(file));
  return { text: file.text, container, at, notes };
}

/** One network for all containers of a task: two values of a key are a race. */
function checkOther(file: YamlFile, at: number, name: string, settings: DeliveredSetting[]): void {
  const path: YamlPath = [0, containers, at, controls];
  const clash = file.listAt(path).findIndex((entry) => settings.some(({ key }) => namespaceOf(entry) === key));
  if (clash >= 0) {
    throw file.wrong(
      [...path, clash],
      `is a key that is delivered, of the container ${name}`,
      "leave it to one of them",
    );
  }
}

function putControl(file: YamlFile, path: YamlPath, setting: DeliveredSetting): string | null {
  const at = file.listAt(path).findIndex((entry) => namespaceOf(entry) === setting.key);
  const before = at < 0 ? null : file.textAt([...path, at, "value"]);
  const { value, note } = replaced(setting, before);
  if (at < 0) file.append(path, [{ namespace: setting.key, value }]);
  else if (before !== value) file.set([...path, at, "value"], value);
  return note;
}

function namespaceOf(entry: Plain): string | null {
  return isMap(entry) && typeof entry.namespace === "string" ? entry.namespace : null;
}

function withoutTold(file: YamlFile): string[] {
  const there = told.filter((field) => file.has([0, field]));
  file.remove(there.map((field) => [0, field]));
  return there.length === 0
    ? []
    : [`Taken out, since ${code("register-task-definition")} refuses what it is told itself: ${codes(there)}.`];
}
