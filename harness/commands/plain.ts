import { withoutCommands } from "../report/printable.ts";

/** Lines of an error as they may be printed: what they quote of a suite, a record or a part's output reaches no terminal's control and commands no CI. */
export function plain(text: string): string {
  return withoutCommands(text.replace(/[^\P{Cc}\n]/gu, "\u{fffd}"));
}
