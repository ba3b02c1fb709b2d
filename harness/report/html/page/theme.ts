/** Colours of the charts as the style sheet has them now: light, dark or printed. */
export interface Theme {
  ink: string;
  muted: string;
  grid: string;
  surface: string;
  fault: string;
  cliff: string;
  bound: string;
  heatLow: string;
  heatHigh: string;
  palette: string[];
}

const paletteSize = 8;

/** Dashes by which lines differ beside their colour, in CSS pixels. */
const dashes = [[], [8, 4], [2, 3], [10, 4, 2, 4]];

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: color("ink"),
    muted: color("muted"),
    grid: color("grid"),
    surface: color("surface"),
    fault: color("fault"),
    cliff: color("cliff"),
    bound: color("bound"),
    heatLow: color("heat-low"),
    heatHigh: color("heat-high"),
    palette: Array.from({ length: paletteSize }, (_, index) => color(`profile-${index}`)),
  };
}

export function profileColor(theme: Theme, palette: number): string {
  return theme.palette[palette % paletteSize] ?? theme.ink;
}

export function profileDash(palette: number): number[] {
  return dashes[palette % dashes.length] ?? [];
}
