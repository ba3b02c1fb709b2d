import { InputError } from "../core/errors.ts";
import { readRegular } from "../core/read-regular.ts";
import { escaped } from "../core/text.ts";

/** Far beyond what is taken for a suite (document.ts), which says so in words of its own. */
const mostBytes = 16 * 2 ** 20;

/** UTF-8 text of a file. @param what for messages: "suite". @throws InputError where it can't be read */
export function readText(file: string, what?: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readRegular(file, { mostBytes }));
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not UTF-8 text" : escaped((cause as Error).message);
    throw new InputError(`can't read ${what === undefined ? "" : `the ${what} `}${escaped(file)}: ${reason}`, {
      cause,
    });
  }
}
