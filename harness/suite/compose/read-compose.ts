import { parseEnv } from "node:util";
import { escaped } from "../../core/text.ts";
import { type Path, readDocument, type SourceDocument } from "../document.ts";
import { FileError, type Problem, shown } from "../problems.ts";
import { type ComposedPart, partOfService } from "./lower.ts";
import type { Service } from "./schema.ts";
import { Services } from "./services.ts";

/** What a suite says of its compose file. */
export interface ComposeChoice {
  file: string;
  /** The service under test. */
  target: string;
  /** Service -> the port that it listens on, where its lines don't say so. */
  ports: Record<string, number>;
  pull: boolean;
}

/** A compose file as the parts of a suite, in a suite's own words. */
export interface Composed {
  target: ComposedPart;
  upstreams: Record<string, ComposedPart>;
  /** What is otherwise than a reader of the file may think. */
  warnings: { line: number; text: string }[];
}

/** A compose file that can't be used, with all that is wrong with it. */
export class ComposeError extends FileError {
  constructor(file: string, problems: Problem[]) {
    super(file, problems, { hint: "docs/containers.md says what of a compose file is read" });
  }
}

/**
 * The target's service and all that it depends on, which are its upstreams.
 * @param textOf text of a file beside the suite; throws where it can't be read
 * @param place the compose file as its faults name it, where that is not as the suite does
 * @throws ComposeError with every fault of the file
 */
export function readCompose(
  choice: ComposeChoice,
  textOf: (file: string) => string,
  place: string = choice.file,
): Composed {
  const { document, problems } = readDocument(textOf(choice.file), { merge: true });
  if (document === null) throw new ComposeError(place, problems);
  const reading = new Reading(choice, document, problems, textOf);
  const composed = reading.composed();
  if (reading.services.problems.length > 0 || composed === null)
    throw new ComposeError(place, reading.services.problems);
  return composed;
}

/** Names of the services of a compose file, each with those that it depends on; for who has to choose a target. */
export function servicesIn(file: string, text: string): Map<string, Service> {
  const { document, problems } = readDocument(text, { merge: true });
  if (document === null) throw new ComposeError(file, problems);
  const services = new Services(document, problems);
  const found = services.all();
  if (services.problems.length > 0) throw new ComposeError(file, services.problems);
  return found;
}

const roleName = /^[a-z0-9][a-z0-9-]{0,62}$/;
const ownRoles = /^(?:generator|target(?:-\d+)?)$/;

class Reading {
  readonly services: Services;
  readonly #choice: ComposeChoice;
  readonly #document: SourceDocument;
  readonly #textOf: (file: string) => string;
  readonly #warnings: Composed["warnings"] = [];

  constructor(choice: ComposeChoice, document: SourceDocument, problems: Problem[], textOf: (file: string) => string) {
    this.services = new Services(document, problems);
    this.#choice = choice;
    this.#document = document;
    this.#textOf = textOf;
  }

  /** null where a service can't be used: `services` has what is wrong. */
  composed(): Composed | null {
    const { target, ports } = this.#choice;
    this.services.mustHave([target, ...Object.keys(ports)]);
    const started = this.services.withDependencies(target);
    if (this.services.problems.length > 0) return null;
    for (const name of this.services.names().filter((name) => !started.has(name))) {
      this.#warn(
        ["services", name],
        `${escaped(name)} is not started: ${escaped(target)} does not depend on it (depends_on)`,
      );
    }
    const parts = new Map([...started].map(([name, one]) => [name, this.#partOf(name, one, started)]));
    const { [target]: own = {}, ...others } = Object.fromEntries(parts);
    const upstreams = Object.entries(others).map(([name, part]) => [roleOf(name), part]);
    return { target: own, upstreams: Object.fromEntries(upstreams), warnings: this.#warnings };
  }

  #partOf(name: string, one: Service, started: Map<string, Service>): ComposedPart {
    const path: Path = ["services", name];
    for (const [i, { file, place, isReadOnly }] of one.volumes.entries()) {
      const at = [...path, "volumes", i];
      if (file === null)
        this.#warn(at, `${escaped(place)} is as the image has it at the start of each trial, and goes with it`);
      else if (/^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(file)) {
        this.services.refuse(at, `${shown(file)} leaves the suite's folder; use a file inside it`);
      } else if (!isReadOnly) {
        this.#warn(at, `${escaped(file)} is read-only in a trial: what is written to it would reach the next one`);
      }
    }
    const isTarget = name === this.#choice.target;
    const role = isTarget ? "target" : roleOf(name);
    const names = [name, one.container_name, one.hostname, ...one.networks].filter((alias) => alias !== undefined);
    return partOfService(one, {
      port: this.#portOf(name, one),
      pull: this.#choice.pull,
      dependsOn: isTarget ? [] : one.depends_on.filter((other) => started.has(other)).map(roleOf),
      aliases: names.filter((alias) => alias !== role),
      variables: this.#variablesOf(one, path),
    });
  }

  #portOf(name: string, one: Service): number {
    const [first] = [...one.ports, ...one.expose].filter(({ isTcp }) => isTcp);
    const port = this.#choice.ports[name] ?? first?.port;
    if (port !== undefined && port >= 1 && port <= 65_535) return port;
    const where = `compose: {ports: {${name}: PORT}}`;
    this.services.refuse(
      ["services", name],
      `it names no port (ports, expose); say in the suite on which it listens: ${where}`,
      "key",
    );
    return 1;
  }

  #variablesOf({ env_file }: Service, path: Path): Record<string, string> {
    return Object.assign(
      {},
      ...env_file.map(({ path: file, required }, i) => {
        try {
          // A value may hold what would be a reference in a suite.
          const entries = Object.entries(parseEnv(this.#textOf(file)));
          return Object.fromEntries(
            entries.map(([name, value]) => [name, (value ?? "").replaceAll("${", () => "$${")]),
          );
        } catch (error) {
          if (required)
            this.services.refuse([...path, "env_file", i], `${shown(file)} can't be read: ${(error as Error).message}`);
          return {};
        }
      }),
    );
  }

  #warn(path: Path, text: string): void {
    this.#warnings.push({ line: this.#document.locate(path, "value").line, text });
  }
}

/** The name that a service has as an upstream. */
function roleOf(service: string): string {
  const name = service
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63);
  if (roleName.test(name) && !ownRoles.test(name)) return name;
  return `service-${name}`.slice(0, 63);
}
