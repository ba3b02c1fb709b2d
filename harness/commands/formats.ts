/**
 * What each command's --format takes. Apart from the commands, which are loaded only when they are called: the help names the formats
 * of all.
 */

/** terminal is the only one that fits the screen. */
export const reportFormats = ["html", "md", "csv", "junit", "json", "terminal"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const gateFormats = ["terminal", "md", "json", "junit"] as const;
export type GateFormat = (typeof gateFormats)[number];

export const compareFormats = ["terminal", "md", "json"] as const;

export const explainFormats = ["terminal", "md", "json"] as const;
