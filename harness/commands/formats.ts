import { Option } from "commander";
import { oneOf } from "./one-of.ts";

/**
 * What each command's --format takes. Apart from the commands, which are loaded only when they are called: the help names the formats
 * of all.
 */

/** terminal is the only one that fits the screen; the last four are what others' tools read. */
export const reportFormats = [
  "html",
  "md",
  "csv",
  "json",
  "terminal",
  "bmf",
  "github-benchmark",
  "openmetrics",
  "otlp-json",
] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** How a run's numbers are pushed: Prometheus remote write, or OTLP over HTTP. */
export const pushKinds = ["remote-write", "otlp"] as const;
export type PushKind = (typeof pushKinds)[number];

export const directions = ["higher", "lower"] as const;

export const gateFormats = ["terminal", "md", "json", "junit"] as const;
export type GateFormat = (typeof gateFormats)[number];

export const documentFormats = ["terminal", "md", "json"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export const observeFormats = ["terminal", "md", "json", "prometheus"] as const;
export type ObserveFormat = (typeof observeFormats)[number];

/** Of what is no report: for people, or for programs. */
export const textFormats = ["terminal", "json"] as const;
export type TextFormat = (typeof textFormats)[number];

/** `--format`: what goes to stdout. Throws InputError, with the nearest spelling, for another one. */
export function formatOption(formats: readonly string[], says = "what to print"): Option {
  return choiceOption("--format <format>", formats, says);
}

/** An option that takes one of a list; its name is what a message calls a choice. */
export function choiceOption(flags: string, choices: readonly string[], says: string): Option {
  const option = new Option(flags, says).choices(choices);
  return option.argParser((typed: string) => oneOf(choices, typed, option.name()));
}
