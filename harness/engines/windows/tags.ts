/** Whose the points of a duet are: "0" or "1". What no iteration measured has none. */
export const armTag = "tunebench_arm";

/** A point of setup() or teardown() has this tag: they are no load. */
export const phaseTag = "tunebench_phase";
