import type { core } from "zod";
import { escaped } from "../core/text.ts";
import { inside, type Path, problemAt, type SourceDocument } from "./document.ts";
import { type Problem, shown } from "./problems.ts";
import { valueAt } from "./written.ts";

type Issue = core.$ZodIssue;

/**
 * zod's issues as problems with a position. The schema's own messages say what is allowed (schema-forms.ts); a "custom" issue
 * is a whole sentence, about the value or (its `part`) the key; an unknown key's message has a line for each key.
 */
export function problemsFrom(issues: readonly Issue[], document: SourceDocument): Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, [], document));
}

function problemsOf(issue: Issue, base: Path, document: SourceDocument): Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const sentences = issue.message.split("\n");
    return issue.keys.map((key, i) => ({
      ...document.locate([...path, key], "key"),
      text: `${inside(path)}${sentences[i] ?? `unknown key ${shown(key)}`}`,
    }));
  }
  if (issue.code === "invalid_union") {
    const branch = closestBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => problemsOf(inner, path, document));
  }
  if (issue.code === "invalid_key") return [wrongName(issue, path, document)];
  if (issue.code === "custom") {
    return [problemAt(document, path, escaped(issue.message), issue.params?.part === "key" ? "key" : "value")];
  }
  return [wrongValue(issue, path, document)];
}

/**
 * The form that the writer most likely meant: of those whose kind of value is right, the one with the fewest unknown keys,
 * then with the fewest other faults. null where no form takes such a value at all.
 */
function closestBranch(branches: readonly Issue[][]): Issue[] | null {
  const possible = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === "invalid_type"),
  );
  const [best] = possible.toSorted((a, b) => strangers(a) - strangers(b) || a.length - b.length);
  return best ?? null;
}

function strangers(issues: Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === "unrecognized_keys") return sum + issue.keys.length;
    return issue.code === "invalid_key" ? sum + 1 : sum;
  }, 0);
}

function wrongName(issue: Extract<Issue, { code: "invalid_key" }>, path: Path, document: SourceDocument): Problem {
  const reason = issue.issues[0];
  const text =
    reason?.code === "custom"
      ? reason.message
      : `the name ${shown(String(path.at(-1)))} can't be used; use ${reason?.message}`;
  return { ...document.locate(path, "key"), text: `${inside(path.slice(0, -1))}${text}` };
}

function wrongValue(issue: Issue, path: Path, document: SourceDocument): Problem {
  const value = valueAt(document.data, path);
  if (value === undefined && path.length > 0) {
    const text = `${inside(path.slice(0, -1))}${shown(String(path.at(-1)))} is missing; give ${issue.message}`;
    return { ...document.locate(path, "key"), text };
  }
  const fault = value === null || value === undefined ? "nothing is here" : `${shown(value)} can't be used`;
  return problemAt(document, path, `${fault}; use ${issue.message}`, "value");
}
