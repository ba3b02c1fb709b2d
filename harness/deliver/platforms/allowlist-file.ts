import type { Document } from "yaml";
import { InputError } from "../../errors.ts";
import { addToAllowlist, type Path, readDocuments, setAt, writeDocument, yamlOf } from "../documents.ts";
import type { DeliveryFile, FromFile } from "../platform.ts";
import { nodeSettings, type Selection, unsafeKeys } from "../selection.ts";

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

/** The user's file with the selection laid over it (all its documents, workloads left out), or a new one. */
export function allowlistFile(form: AllowlistForm, selection: Selection, from: FromFile | null): DeliveryFile {
  const source = from ?? { name: form.name, text: yamlOf(form.fresh) };
  const documents = readDocuments(source);
  const document = documents.find(form.is);
  if (document === undefined) throw new InputError(`${source.name} holds no ${form.what}`);
  layOver(form, document, selection, source);
  return { name: form.name, text: writeDocument(document).replace(/^---\n/, "") };
}

function layOver(form: AllowlistForm, document: Document, selection: Selection, from: FromFile): void {
  const keys = unsafeKeys(selection);
  if (keys.length > 0) addToAllowlist(document, form.allowlist, keys, from);
  if (form.sysctls === null) return;
  for (const { key, value } of nodeSettings(selection)) setAt(document, [...form.sysctls, key], value, from);
}
