import { didYouMean } from "../../core/nearest.ts";
import { escaped } from "../../core/text.ts";
import { type Path, problemAt, type SourceDocument } from "../document.ts";
import { problemsFrom } from "../issues.ts";
import { type Problem, pathText, shown } from "../problems.ts";
import { interpolated } from "./interpolation.ts";
import { type Service, service } from "./schema.ts";
import { keyProblem } from "./service-keys.ts";

/** The services of a compose file, each checked when it is asked for; what is wrong is gathered in `problems`. */
export class Services {
  readonly problems: Problem[];
  readonly #document: SourceDocument;

  constructor(document: SourceDocument, problems: Problem[]) {
    this.#document = document;
    this.problems = [...problems];
  }

  /** As the file has them. */
  names(): string[] {
    return Object.keys(this.#written());
  }

  all(): Map<string, Service> {
    return this.names().reduce((found, name) => this.withDependencies(name, found), new Map());
  }

  /** Refuses each of these names that no service has. */
  mustHave(asked: string[]): void {
    const names = this.names();
    for (const name of asked.filter((name) => !names.includes(name))) {
      const known = names.map(escaped).join(", ");
      this.refuse(["services"], `it has no service ${shown(name)}, but ${known || "none"}${didYouMean(name, names)}`);
    }
  }

  #written(): Record<string, unknown> {
    const data = this.#document.data as Record<string, unknown> | null;
    const services = typeof data === "object" ? data?.services : null;
    if (typeof services === "object" && services !== null && !Array.isArray(services)) {
      return services as Record<string, unknown>;
    }
    this.refuse(["services"], "it is no map of services");
    return {};
  }

  /** The service and all that it depends on, in the order in which they can be started. */
  withDependencies(name: string, found: Map<string, Service> = new Map(), above: string[] = []): Map<string, Service> {
    if (found.has(name)) return found;
    if (above.includes(name)) {
      this.refuse(["services", name, "depends_on"], `${escaped([...above, name].join(" → "))} is a circle`);
      return found;
    }
    const one = this.#service(name);
    if (one === null) return found;
    for (const other of one.depends_on) this.withDependencies(other, found, [...above, name]);
    return found.set(name, one);
  }

  #service(name: string): Service | null {
    const path: Path = ["services", name];
    const written = this.#written()[name];
    if (written === undefined) {
      this.refuse(["services"], `a service depends on ${shown(name)}, which is not there`);
      return null;
    }
    if (typeof written !== "object" || written === null || Array.isArray(written)) {
      this.refuse(path, `${shown(written)} is no service`);
      return null;
    }
    for (const [key, value] of Object.entries(written)) {
      const problem = keyProblem(key, value);
      if (problem !== null) this.refuse([...path, key], problem, "key");
    }
    const known = Object.fromEntries(Object.entries(written).filter(([key]) => key in service.shape));
    const unknown = new Set<string>();
    const filled = interpolated(known, path, (at, text) => {
      unknown.add(pathText(at));
      this.refuse(at, text);
    });
    const checked = service.safeParse(filled);
    const issues = (checked.error?.issues ?? []).map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
    const others = issues.filter((issue) => !unknown.has(pathText(issue.path)));
    this.problems.push(...problemsFrom(others, this.#document));
    if (!checked.success) return null;
    if (checked.data.image === undefined) {
      const built = "build" in written ? "build it before (docker compose build), and name what is built" : "name one";
      this.refuse(path, `it has no image: ${built}: image: shop:1.4`, "key");
    }
    return checked.data;
  }

  /** Says what is wrong at a path of the file. */
  refuse(path: Path, text: string, part: "key" | "value" = "value"): void {
    this.problems.push(problemAt(this.#document, path, text, part));
  }
}
