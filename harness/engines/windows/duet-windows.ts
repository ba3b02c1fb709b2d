import type { Threshold } from "../../results/script.ts";
import type { Window } from "../../results/window.ts";
import type { LoadWindow } from "../engine.ts";
import type { OtlpPoint } from "./decode-otlp.ts";
import { armTag } from "./tags.ts";
import { countedWindow, firstCarry, lastWindow, type Reception, toWindow, type WindowCarry } from "./windows.ts";

/** What one window of a load hands on to the next: of all of it, and of each arm of a duet. */
export interface LoadCarry {
  whole: WindowCarry;
  arms: [WindowCarry, WindowCarry] | null;
}

export function firstLoadCarry(thresholds: readonly Threshold[]): LoadCarry {
  return { whole: { ...firstCarry, thresholds }, arms: null };
}

export function firstDuetCarry(thresholds: readonly Threshold[]): LoadCarry {
  const whole = { ...firstCarry, thresholds };
  return { whole, arms: [whole, whole] };
}

/**
 * The window that one export makes (windows.ts), and of a duet that of each arm: the same stretch, of the points that carry its tag. Of
 * iterations that could not be begun nobody knows whose they were: each arm has half of them.
 */
export function toLoadWindow(request: { points: OtlpPoint[]; carry: LoadCarry; received: Reception }): {
  window: LoadWindow | null;
  carry: LoadCarry;
} {
  const { points, carry, received } = request;
  const { window, carry: whole } = toWindow({ points, carry: carry.whole, received });
  if (window === null || carry.arms === null) return { window, carry: { ...carry, whole } };
  const made = carry.arms.map((arm, index) => {
    const own = countedWindow(pointsOf(points, index), { ...arm, endMs: window.endMs }, window.startMs);
    return { ...own, window: { ...own.window, droppedIterations: halfOf(window, index) } };
  }) as [ReturnType<typeof countedWindow>, ReturnType<typeof countedWindow>];
  const [first, second] = made;
  return {
    window: { ...window, arms: [first.window, second.window] },
    carry: { whole, arms: [first.carry, second.carry] },
  };
}

/** As lastWindow of windows.ts; an arm of which nothing was left has an empty one. */
export function lastLoadWindow({ whole, arms }: LoadCarry, nowMs: number): LoadWindow | null {
  const window = lastWindow(whole, nowMs);
  if (window === null || arms === null) return window;
  const ofArm = (arm: WindowCarry): Window =>
    lastWindow(arm, window.endMs) ?? countedWindow([], { ...arm, endMs: window.endMs }, window.startMs).window;
  return { ...window, arms: [ofArm(arms[0]), ofArm(arms[1])] };
}

/** What tells of no iteration, such as the number of users, is both arms'. */
function pointsOf(points: OtlpPoint[], arm: number): OtlpPoint[] {
  return points.filter(({ attributes }) => [undefined, String(arm)].includes(attributes[armTag]));
}

function halfOf({ droppedIterations }: Window, arm: number): number {
  return arm === 0 ? Math.ceil(droppedIterations / 2) : Math.floor(droppedIterations / 2);
}
