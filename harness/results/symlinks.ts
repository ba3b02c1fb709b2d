import { lstatSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../core/errors.ts";

/**
 * Throws InputError where a folder or a file on the way below a run's folder is a link: who may write there could lead tunebench, and root
 * with it, to any other place.
 */
export function assertNoLink(folder: string, way: string): void {
  let place = folder;
  for (const name of way.split("/")) {
    place = join(place, name);
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw new InputError(`${place} is a link`, {
      hint: "nothing in a run's folder is read or written through links: put what it points to in its place",
    });
  }
}
