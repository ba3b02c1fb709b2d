import { command } from "./code-spans.ts";

/** How a live file that a merged one replaces is kept first: a step of a plan. No reader of a folder of such files takes the kept one for its own. */
export function keepStep(path: string): string {
  return `Keep the file as it is: the undo needs it. Do it once, before anything is changed.\n${command(`cp --archive ${path} ${path}.before`)}`;
}

/** How it comes back: a command. */
export function putBack(path: string): string {
  return `cp --archive ${path}.before ${path}`;
}
