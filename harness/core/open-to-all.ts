import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Whether everyone may enter all folders above a file: then it is used where it lies, beside what it may need (a library of node's own). */
export function isOpenToAll(file: string): boolean {
  const above = (place: string): string[] => (place === "/" ? [place] : [place, ...above(dirname(place))]);
  return above(dirname(realpathSync(file))).every((folder) => (statSync(folder).mode & 0o001) !== 0);
}
