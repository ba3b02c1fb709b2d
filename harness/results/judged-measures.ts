/**
 * The measures that are judged: how far, how fast, how slow at worst. Times the profiles they are the Holm family, so
 * plan counts the blocks by them and analysis tests them; all other measures are shown as medians. More of them would
 * cost every verdict more blocks.
 */
export const judgedMeasures = ["requestsBeforeWall", "sustainedPerSecond", "latencyMs.p99"] as const;

/** Name of a judged measure. */
export type JudgedMeasure = (typeof judgedMeasures)[number];
