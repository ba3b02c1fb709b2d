import { formatSpan } from "../../core/numbers.ts";
import { wrap } from "../../core/words.ts";
import type { Plan } from "../../plan/make-plan.ts";
import type { Suite } from "../../suite/suite.ts";
import { planHeadline } from "./describe-plan.ts";

/** `buildSeconds`: of the generator, which is built before; 0 where it is there. */
export interface RunForecast {
  buildSeconds: number;
  now: Date;
  /** In columns. */
  width: number;
}

/** What a run says before it does anything: what it will do, and when that will be done: lines. */
export function forecastText(suite: Suite, plan: Plan, { buildSeconds, now, width }: RunForecast): string {
  const build = buildSeconds === 0 ? "" : `; before that k6 is built, about ${formatSpan(buildSeconds)}`;
  const done = new Date(now.getTime() + (buildSeconds + plan.expectedSeconds) * 1000);
  const lines = wrap(`${planHeadline(suite, plan)}${build}; done by ${clockText(done, now)}`, width, "  ", "");
  return `${lines.join("\n")}\n`;
}

/** The minute that has begun by then, in local time; the day where it is another one. */
function clockText(at: Date, now: Date): string {
  const end = new Date(Math.ceil(at.getTime() / 60_000) * 60_000);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(end.getHours())}:${two(end.getMinutes())}`;
  if (end.toDateString() === now.toDateString()) return time;
  return `${end.getFullYear()}-${two(end.getMonth() + 1)}-${two(end.getDate())} ${time}`;
}
