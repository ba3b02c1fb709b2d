/** What the page's script draws: embedded as JSON. Seconds count from the load's first request; null = not seen. */

export interface PageData {
  /** Axes that all profiles share, so that their charts can be compared by eye. */
  shared: { seconds: number; ratePerSecond: number; latencyMs: { low: number; high: number } | null };
  profiles: ProfileCharts[];
}

export interface ProfileCharts {
  name: string;
  /** Place in the palette, the same wherever the profile is drawn. */
  palette: number;
  load: LoadSeries;
  ports: PortSeries | null;
  moments: Moment[];
  /** What each CPU did, a strip per kind of work that happened. */
  heat: HeatStrip[];
}

/** Per window; `seconds` is the window's end. */
export interface LoadSeries {
  seconds: number[];
  successesPerSecond: number[];
  faultsPerSecond: number[];
  p50Ms: (number | null)[];
  p90Ms: (number | null)[];
  p99Ms: (number | null)[];
  /** Iterations were dropped in the window: its latency is set by the generator's virtual users. */
  bound: boolean[];
}

export interface PortSeries {
  seconds: number[];
  timeWait: (number | null)[];
  /** Ports in use to the busiest destination. */
  inUse: (number | null)[];
  /** The best known of both: the table's count, between its looks the TIME_WAITs where those are nearly all of it. */
  used: (number | null)[];
  usable: number;
  /** false where tcp_tw_reuse keeps connect() from scanning, by the prediction. */
  cliffExpected: boolean;
}

/** An instant that charts mark with a vertical line. */
export interface Moment {
  kind: "cliff" | "fault" | "stop" | "condition" | "action";
  seconds: number;
  /** A condition's name, or what was done ("" = only a line); the other kinds have names of their own. */
  label?: string;
}

/** Work per CPU over time: `perSecond[cpu][step]`, steps between neighbouring `edges`. busy: ms of the CPU a second. */
export interface HeatStrip {
  work: "interrupts" | "softirqs" | "busy";
  edges: number[];
  perSecond: number[][];
  peakPerSecond: number;
}
