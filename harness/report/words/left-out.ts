import { listWords } from "../../core/words.ts";
import type { LeftOut } from "../../results/find.ts";

/** Why a key was never tried by a find, as a clause. */
export function leftOutWords({ why }: LeftOut): string {
  switch (why.code) {
    case "condition":
      return `the suite sets it to ${JSON.stringify(why.value)}: it is a condition of the experiment; name it with --keys to have it tried`;
    case "fake-win":
      return "it can look like a win and is none: it hides the limit, or ends a protection";
    case "masking":
      return "it hides what binds, and cures nothing";
    case "no-level":
      return "no value of it is known that would be enough: it is tried where a finding names one";
    case "not-private":
      return "it is the machine's own, not a namespace's";
    case "as-it-is":
      return `it is ${JSON.stringify(why.value)} already`;
    case "listened-on":
      return `${listWords(why.ports.map(String))} of the range ${why.ports.length === 1 ? "is" : "are"} listened on`;
    case "too-many":
      return `a screen takes at most ${why.most}`;
    case "refused":
      return `it is refused here: ${why.words}`;
  }
}
