/** An option of a command: --backlog of [server, --backlog, "511"] or of [server, --backlog=511]. */

/** The option that a place names: `command.--backlog` -> --backlog; null for any other place. */
export function optionOf(place: string): string | null {
  return /^command\.(-.+)$/.exec(place)?.[1] ?? null;
}

/** What it is given: what follows its "=", else the word after it; null where the command does not have it, or has nothing for it. */
export function optionValue(command: readonly string[], option: string): string | null {
  const at = indexOf(command, option);
  const word = command[at];
  if (word === undefined) return null;
  return word === option ? (command[at + 1] ?? null) : word.slice(option.length + 1);
}

/** The command with another value for an option that it has. */
export function withOption(command: readonly string[], option: string, value: string): string[] {
  const at = indexOf(command, option);
  if (command[at] !== option) return command.with(at, `${option}=${value}`);
  return command.with(at + 1, value);
}

/** The last counts, as most programs read their options. */
function indexOf(command: readonly string[], option: string): number {
  return command.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
}
