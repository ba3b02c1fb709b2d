import { InputError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";

/** A choice from a list; anything else is an InputError with the nearest spelling and the list. */
export function oneOf<T extends string>(known: readonly T[], typed: string, what: string): T {
  const found = known.find((name) => name === typed);
  if (found !== undefined) return found;
  throw new InputError(`no ${what} ${typed}${didYouMean(typed, known)}`, { hint: `one of ${known.join(", ")}` });
}
