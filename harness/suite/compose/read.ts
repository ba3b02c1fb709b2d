import { parseEnv } from "node:util";
import { didYouMean } from "../../core/nearest.ts";
import { escaped } from "../../core/text.ts";
import { type Path, problemAt, readDocument, type SourceDocument } from "../document.ts";
import { problemsFrom } from "../issues.ts";
import { FileError, type Problem, pathText, shown } from "../problems.ts";
import { interpolated } from "./interpolation.ts";
import { keyProblem } from "./keys.ts";
import { type ComposedPart, partOfService } from "./lower.ts";
import { type Service, service } from "./schema.ts";

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
  if (reading.problems.length > 0 || composed === null) throw new ComposeError(place, reading.problems);
  return composed;
}

/** Names of the services of a compose file, each with those that it depends on; for who has to choose a target. */
export function servicesIn(file: string, text: string): Map<string, Service> {
  const { document, problems } = readDocument(text, { merge: true });
  if (document === null) throw new ComposeError(file, problems);
  const reading = new Reading({ file, target: "", ports: {}, pull: false }, document, problems, () => "");
  const found = reading.all();
  if (reading.problems.length > 0) throw new ComposeError(file, reading.problems);
  return found;
}

const servicesAllowed = "a map of services";
const roleName = /^[a-z0-9][a-z0-9-]{0,62}$/;
const ownRoles = /^(?:generator|target(?:-\d+)?)$/;

class Reading {
  readonly problems: Problem[];
  readonly #choice: ComposeChoice;
  readonly #document: SourceDocument;
  readonly #textOf: (file: string) => string;
  readonly #warnings: Composed["warnings"] = [];

  constructor(choice: ComposeChoice, document: SourceDocument, problems: Problem[], textOf: (file: string) => string) {
    this.#choice = choice;
    this.#document = document;
    this.problems = [...problems];
    this.#textOf = textOf;
  }

  composed(): Composed | null {
    const { target, ports } = this.#choice;
    const names = Object.keys(this.#written());
    for (const name of [target, ...Object.keys(ports)].filter((name) => !names.includes(name))) {
      const known = names.map(escaped).join(", ");
      this.#refuse(["services"], `it has no service ${shown(name)}, but ${known || "none"}${didYouMean(name, names)}`);
    }
    const services = this.#withDependencies(target, new Map());
    if (this.problems.length > 0) return null;
    for (const name of names.filter((name) => !services.has(name))) {
      this.#warn(
        ["services", name],
        `${escaped(name)} is not started: ${escaped(target)} does not depend on it (depends_on)`,
      );
    }
    const parts = new Map([...services].map(([name, one]) => [name, this.#partOf(name, one, services)]));
    const { [target]: own = {}, ...others } = Object.fromEntries(parts);
    const upstreams = Object.entries(others).map(([name, part]) => [roleOf(name), part]);
    return { target: own, upstreams: Object.fromEntries(upstreams), warnings: this.#warnings };
  }

  all(): Map<string, Service> {
    return Object.keys(this.#written()).reduce((found, name) => this.#withDependencies(name, found), new Map());
  }

  #written(): Record<string, unknown> {
    const data = this.#document.data as Record<string, unknown> | null;
    const services = typeof data === "object" ? data?.services : null;
    if (typeof services === "object" && services !== null && !Array.isArray(services)) {
      return services as Record<string, unknown>;
    }
    this.#refuse(["services"], `it has no ${servicesAllowed}`);
    return {};
  }

  /** In the order in which they can be started. */
  #withDependencies(name: string, found: Map<string, Service>, above: string[] = []): Map<string, Service> {
    if (found.has(name)) return found;
    if (above.includes(name)) {
      this.#refuse(["services", name, "depends_on"], `${escaped([...above, name].join(" → "))} is a circle`);
      return found;
    }
    const one = this.#service(name);
    if (one === null) return found;
    for (const other of one.depends_on) this.#withDependencies(other, found, [...above, name]);
    return found.set(name, one);
  }

  #service(name: string): Service | null {
    const path: Path = ["services", name];
    const written = this.#written()[name];
    if (written === undefined) {
      this.#refuse(["services"], `a service depends on ${shown(name)}, which is not there`);
      return null;
    }
    if (typeof written !== "object" || written === null || Array.isArray(written)) {
      this.#refuse(path, `${shown(written)} is no service`);
      return null;
    }
    for (const [key, value] of Object.entries(written)) {
      const problem = keyProblem(key, value);
      if (problem !== null) this.#refuse([...path, key], problem, "key");
    }
    const known = Object.fromEntries(Object.entries(written).filter(([key]) => key in service.shape));
    const unknown = new Set<string>();
    const filled = interpolated(known, path, (at, text) => {
      unknown.add(pathText(at));
      this.#refuse(at, text);
    });
    const checked = service.safeParse(filled);
    const issues = (checked.error?.issues ?? []).map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
    const others = issues.filter((issue) => !unknown.has(pathText(issue.path)));
    this.problems.push(...problemsFrom(others, this.#document));
    if (!checked.success) return null;
    if (checked.data.image === undefined) {
      const built = "build" in written ? "build it before (docker compose build), and name what is built" : "name one";
      this.#refuse(path, `it has no image: ${built}: image: shop:1.4`, "key");
    }
    return checked.data;
  }

  #partOf(name: string, one: Service, services: Map<string, Service>): ComposedPart {
    const path: Path = ["services", name];
    for (const [i, { file, place, isReadOnly }] of one.volumes.entries()) {
      const at = [...path, "volumes", i];
      if (file === null)
        this.#warn(at, `${escaped(place)} is as the image has it at the start of each trial, and goes with it`);
      else if (/^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(file)) {
        this.#refuse(at, `${shown(file)} leaves the suite's folder; use a file inside it`);
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
      dependsOn: isTarget ? [] : one.depends_on.filter((other) => services.has(other)).map(roleOf),
      aliases: names.filter((alias) => alias !== role),
      variables: this.#variablesOf(one, path),
    });
  }

  #portOf(name: string, one: Service): number {
    const [first] = [...one.ports, ...one.expose].filter(({ isTcp }) => isTcp);
    const port = this.#choice.ports[name] ?? first?.port;
    if (port !== undefined && port >= 1 && port <= 65_535) return port;
    const where = `compose: {ports: {${name}: PORT}}`;
    this.#refuse(
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
            this.#refuse([...path, "env_file", i], `${shown(file)} can't be read: ${(error as Error).message}`);
          return {};
        }
      }),
    );
  }

  #refuse(path: Path, text: string, part: "key" | "value" = "value"): void {
    this.problems.push(problemAt(this.#document, path, text, part));
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
