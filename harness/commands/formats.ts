import { Option } from "commander";
import { oneOf } from "./one-of.ts";

/**
 * What each command's --format takes. Apart from the commands, which are loaded only when they are called: the help names the formats
 * of all.
 */

/** terminal is the only one that fits the screen. */
export const reportFormats = ["html", "md", "csv", "json", "terminal"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const gateFormats = ["terminal", "md", "json", "junit"] as const;
export type GateFormat = (typeof gateFormats)[number];

export const documentFormats = ["terminal", "md", "json"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** Of what is no report: for people, or for programs. */
export const textFormats = ["terminal", "json"] as const;
export type TextFormat = (typeof textFormats)[number];

/** `--format`: what goes to stdout. Throws InputError, with the nearest spelling, for another one. */
export function formatOption(formats: readonly string[], says = "what to print"): Option {
  const option = new Option("--format <format>", says).choices(formats);
  return option.argParser((typed: string) => oneOf(formats, typed, "format"));
}
