import { InputError } from "../core/errors.ts";
import { YamlFile } from "./yaml/file.ts";
import type { Plain, YamlPath } from "./yaml/model.ts";

/** One object of a file: a document, or an item of a List. Its values are read anew by `file.value`. */
export interface FileObject {
  at: YamlPath;
  apiVersion: string;
  kind: string;
  /** metadata.name; null without one. */
  name: string | null;
}

/** A file's objects, in its order; documents that are no map are none. */
export function objectsOf(file: YamlFile): FileObject[] {
  return Array.from({ length: file.count }, (_, index) => index).flatMap((index) => {
    const items = file.value([index, "kind"]) === "List" ? file.value([index, "items"]) : null;
    const paths: YamlPath[] = Array.isArray(items) ? items.map((_, item) => [index, "items", item]) : [[index]];
    return paths.flatMap((at) => (isMap(file.value(at)) ? [objectAt(file, at)] : []));
  });
}

function objectAt(file: YamlFile, at: YamlPath): FileObject {
  const text = (...keys: string[]) => {
    const value = file.value([...at, ...keys]);
    return typeof value === "string" ? value : null;
  };
  return { at, apiVersion: text("apiVersion") ?? "", kind: text("kind") ?? "", name: text("metadata", "name") };
}

/** The user's text with only these of its objects; documents that hold none stay with what is kept. */
export function fileWith(from: { name: string; text: string }, keeps: (object: FileObject) => boolean): YamlFile {
  const file = new YamlFile(from.name, from.text);
  const objects = objectsOf(file);
  const gone = objects.filter((object) => !keeps(object));
  if (gone.length === 0) return file;
  const holds = (index: number, among: FileObject[]) => among.some(({ at }) => at[0] === index);
  const kept = objects.filter((object) => !gone.includes(object));
  // A List is emptied item by item; one that would be left without any goes as a whole.
  file.remove(gone.filter(({ at }) => at.length > 1 && holds(Number(at[0]), kept)).map(({ at }) => at));
  const indices = Array.from({ length: file.count }, (_, index) => index);
  file.keep(indices.filter((index) => holds(index, kept) || !holds(index, gone)));
  return file;
}

/** `Deployment web`, for a message. */
export function titleOf({ kind, name }: FileObject): string {
  return `${kind === "" ? "object" : kind} ${name ?? "without a name"}`;
}

/**
 * The one object that was meant, by name where one is given; null where there is none. `option` is how it is asked for, null where it
 * can't be. Throws InputError with the names where that is not clear.
 */
export function onlyOne(
  objects: FileObject[],
  from: { name: string },
  { option, name }: { option: string | null; name: string | undefined },
): FileObject | null {
  const named = name === undefined ? objects : objects.filter((object) => isNamed(object, name));
  const names = objects.map(titleOf).join(", ");
  if (named.length > 1) {
    throw new InputError(`${from.name} holds ${named.length} that may be meant: ${names}`, {
      hint: option === null ? "leave the one to change" : `say which: ${option} NAME`,
    });
  }
  if (name !== undefined && objects.length > 0 && named.length === 0) {
    throw new InputError(`${from.name} holds no ${name}; it holds ${names}`, { hint: `${option} NAME` });
  }
  return named[0] ?? null;
}

/** `web`, or `Deployment/web` in any case of letters. */
function isNamed({ kind, name }: FileObject, asked: string): boolean {
  return name === asked || `${kind}/${name}`.toLowerCase() === asked.toLowerCase();
}

const made = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "finalizers", "selfLink"];

/** Takes off what the API server put on an object that was fetched from it: what is left can be applied, also under another name. */
export function strip(file: YamlFile, at: YamlPath): void {
  const isFetched = ["uid", "resourceVersion", "managedFields"].some((field) => file.has([...at, "metadata", field]));
  if (!isFetched) return;
  const annotations = file.value([...at, "metadata", "annotations"]);
  const names = isMap(annotations) ? Object.keys(annotations) : [];
  const ours = names.filter((name) => /^kubectl\.kubernetes\.io\/last-applied|^karpenter\.(sh|k8s\.aws)\//.test(name));
  const all = ours.length > 0 && ours.length === names.length;
  file.remove([
    ...(all ? [["annotations"]] : ours.map((name) => ["annotations", name])).map((path) => [
      ...at,
      "metadata",
      ...path,
    ]),
    ...made.map((field) => [...at, "metadata", field]),
    [...at, "status"],
  ]);
}

/** Whether a value is a map. */
export function isMap(value: Plain): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
