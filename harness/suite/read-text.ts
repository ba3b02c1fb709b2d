import { readFile } from "node:fs/promises";
import { InputError } from "../core/errors.ts";
import { escaped } from "../core/text.ts";

/** UTF-8 text of a file. @param what for messages: "suite". @throws InputError where it can't be read */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not UTF-8 text" : escaped((cause as Error).message);
    throw new InputError(`can't read the ${what} ${escaped(file)}: ${reason}`, { cause });
  }
}
