import { Document, isMap, isScalar, isSeq, parseAllDocuments, Scalar } from "yaml";
import { InputError } from "../errors.ts";
import type { FromFile } from "./platform.ts";

/** Path of keys within a document. */
export type Path = (string | number)[];

/** A new document of plain values. Quoted as YAML 1.1 wants it, which Kubernetes and cloud-init read. */
export function yamlOf(value: unknown): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  return document.toString(asIs);
}

/** A user's documents, comments and order kept; a List's items are documents of their own. Throws InputError where it is not YAML. */
export function readDocuments(from: FromFile): Document[] {
  const parsed = parseAllDocuments(from.text);
  const list = "empty" in parsed ? [] : parsed;
  const faults = list.flatMap(({ errors }) => errors.map(({ message }) => message.split("\n")[0] ?? ""));
  if (faults.length > 0) throw new InputError(`${from.name} is not YAML: ${faults[0]}`);
  const documents = list.flatMap((document) => itemsOf(document as Document));
  for (const document of documents) checkAliases(document, from);
  return documents;
}

/** An alias may stand for nothing, for something in another item of a List, or for a million copies. */
function checkAliases(document: Document, from: FromFile): void {
  try {
    document.toJSON();
    document.toString(asIs);
  } catch (cause) {
    throw new InputError(`${from.name} can't be merged with: ${(cause as Error).message.split("\n")[0]}`, { cause });
  }
}

function itemsOf(document: Document): Document[] {
  const items = document.get("kind") === "List" ? document.get("items") : null;
  if (!isMap(document.contents)) return [];
  return isSeq(items) ? items.items.map((item) => new Document(item)) : [document];
}

/** The only document of a kind; null without one. Throws InputError where there are several. */
export function documentOf(documents: Document[], kind: string, from: FromFile): Document | null {
  const found = documents.filter((document) => document.get("kind") === kind);
  if (found.length > 1) {
    throw new InputError(`${from.name} has ${found.length} objects of kind ${kind}`, {
      hint: "leave the one to change",
    });
  }
  return found[0] ?? null;
}

/** One document, comments kept; the line that parted it from one before it is left out. */
export function writeDocument(document: Document): string {
  return document.toString(asIs).replace(/^---\n/, "");
}

/** Several, parted as YAML parts them. */
export function writeDocuments(documents: Document[]): string {
  return documents.map(writeDocument).join("---\n");
}

const asIs = { lineWidth: 0 } as const;

/** Text at a path, null where there is none. Throws InputError where it is no text. */
export function textAt(document: Document, path: Path, from: FromFile): string | null {
  const value = document.getIn(path);
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return value;
  throw wrong(from, path, "is no text");
}

/** Sets a value; maps on the way are made. Throws InputError where something else is in the way. */
export function setAt(document: Document, path: Path, value: unknown, from: FromFile): void {
  for (let depth = 1; depth < path.length; depth++) {
    const part = path.slice(0, depth);
    const there = document.getIn(part, true);
    if (there === undefined || isNull(there)) document.setIn(part, document.createNode({}));
    else if (!(typeof path[depth] === "number" ? isSeq(there) : isMap(there))) throw wrong(from, part, "is no map");
  }
  document.setIn(path, document.createNode(value));
}

/** Takes something away, where it is. */
export function removeAt(document: Document, path: Path): void {
  if (document.hasIn(path)) document.deleteIn(path);
}

/** A long text as a block, where YAML can carry it so unchanged. */
export function blockText(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = /[^\P{Cc}\n\t]/u.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  return scalar;
}

/** Adds entries to a list, those that `covers` says are there already left out; the list is made. */
export function addTo<T>(
  document: Document,
  path: Path,
  entries: T[],
  from: FromFile,
  covers: (there: unknown, entry: T) => boolean,
): void {
  const there = document.getIn(path, true);
  if (there === undefined || isNull(there)) {
    setAt(document, path, entries, from);
    return;
  }
  if (!isSeq(there)) throw wrong(from, path, "is no list");
  const values = there.toJSON() as unknown[];
  for (const entry of entries.filter((one) => !values.some((value) => covers(value, one)))) {
    there.add(document.createNode(entry));
  }
}

/** Puts an entry into a list, in the place of the first that `isSame`, else at its end; the list is made. */
export function putIn(
  document: Document,
  path: Path,
  entry: object,
  from: FromFile,
  isSame: (there: Record<string, unknown>) => boolean,
): void {
  const there = document.getIn(path, true);
  const values: unknown[] = isSeq(there) ? (there.toJSON() as unknown[]) : [];
  const at = values.findIndex((value) => isSame((value ?? {}) as Record<string, unknown>));
  if (at < 0) addTo(document, path, [entry], from, () => false);
  else document.setIn([...path, at], document.createNode(entry));
}

/** Adds keys to a kubelet's allowlist; those that an entry or a prefix of it allows already are left out. */
export function addToAllowlist(document: Document, path: Path, keys: string[], from: FromFile): void {
  addTo(document, path, keys, from, (there, key) => allows(String(there), key));
}

/** The kubelet's rule: the name, or its beginning with a * at the end. */
function allows(pattern: string, key: string): boolean {
  const dotted = pattern.replaceAll("/", ".");
  return dotted.endsWith("*") ? key.startsWith(dotted.slice(0, -1)) : dotted === key;
}

/** Takes off what the API server put on; what is left can be applied, also under another name. */
export function strip(document: Document): void {
  document.delete("status");
  const made = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "finalizers", "selfLink"];
  for (const field of made) removeAt(document, ["metadata", field]);
  const annotations = document.getIn(["metadata", "annotations"]);
  if (!isMap(annotations)) return;
  const names = annotations.items.map(({ key }) => String(isScalar(key) ? key.value : key));
  const ours = names.filter((name) => /^kubectl\.kubernetes\.io\/last-applied|^karpenter\.(sh|k8s\.aws)\//.test(name));
  for (const name of ours) annotations.delete(name);
  if (annotations.items.length === 0) document.deleteIn(["metadata", "annotations"]);
}

function wrong(from: FromFile, path: Path, fault: string): InputError {
  return new InputError(`${from.name}: ${path.join(".")} ${fault}`);
}

function isNull(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}
