import { Document } from "yaml";
import { InputError } from "../../errors.ts";
import { addToAllowlist, type Path, setAt, writeDocuments } from "../documents.ts";
import type { DeliveryFile, FromFile } from "../platform.ts";
import { nodeSettings, type Selection, unsafeKeys } from "../selection.ts";
import { otherDocuments } from "../workload.ts";

/** A configuration file of a platform's that carries the allowlist, and perhaps the node's own settings. */
export interface AllowlistForm {
  name: string;
  /** Where the list is. */
  allowlist: Path;
  /** Where the node's settings are, as a map; null where this file has no place for them. */
  sysctls: Path | null;
  /** The rest of a file that is made anew. */
  fresh: Record<string, unknown>;
  /** Which document of the user's file it is. */
  is: (document: Document) => boolean;
  /** How that is called, for a message. */
  what: string;
}

/**
 * The user's file with the selection laid over it (workloads left out, all else kept), or a new one. `more` adds what is the
 * platform's own.
 */
export function allowlistFile(
  form: AllowlistForm,
  selection: Selection,
  from: FromFile | null,
  more: (document: Document, from: FromFile) => void = () => {},
): DeliveryFile {
  const source = from ?? { name: form.name, text: "" };
  const there = from === null ? [] : otherDocuments(from);
  const documents = there.length === 0 ? [new Document(form.fresh)] : there;
  const document = documents.find(form.is);
  if (document === undefined) throw new InputError(`${source.name} holds no ${form.what}`);
  layOver(form, document, selection, source);
  more(document, source);
  return { name: form.name, text: writeDocuments(documents) };
}

function layOver(form: AllowlistForm, document: Document, selection: Selection, from: FromFile): void {
  const keys = unsafeKeys(selection);
  if (keys.length > 0) addToAllowlist(document, form.allowlist, keys, from);
  if (form.sysctls === null) return;
  for (const { key, value } of nodeSettings(selection)) setAt(document, [...form.sysctls, key], value, from);
}
