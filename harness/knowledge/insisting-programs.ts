/** Folders that a program writes to whatever its configuration says, as distributions build it: nginx makes its temporary files' folders at start. */
const insisted: Record<string, readonly string[]> = { nginx: ["/var/lib/nginx"] };

/** Folders that a command's program needs to be its own, by its name; behind a program that starts it (prlimit, env) too. */
export function insistedFolders(command: readonly string[]): string[] {
  return [...new Set(command.flatMap((word) => insisted[word.slice(word.lastIndexOf("/") + 1)] ?? []))];
}
