/** The report page's script: draws the charts from the embedded data, and again when the theme or the width changes. */
import type { PageData } from "../../charts/page-data.ts";
import { allPorts, allThroughput, latency, ports, throughput } from "./charts.ts";
import type { DrawnChart } from "./frame.ts";
import { drawHeat } from "./heat.ts";
import { readTheme, type Theme } from "./theme.ts";

const data = JSON.parse(document.getElementById("page-data")?.textContent ?? "null") as PageData;
let drawn: { chart: DrawnChart; place: HTMLElement }[] = [];

drawAll();
for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", drawAll);
new ResizeObserver(fitAll).observe(document.body);

function drawAll(): void {
  for (const { chart } of drawn) chart.destroy();
  const theme = readTheme();
  const places = [...document.querySelectorAll<HTMLElement>("[data-chart]")];
  drawn = places.flatMap((place) => {
    const chart = draw(place, theme);
    return chart === null ? [] : [{ chart, place }];
  });
}

/** One chart by its place's data-chart and data-profile; null where the place holds a canvas or there are no data. */
function draw(place: HTMLElement, theme: Theme): DrawnChart | null {
  const { chart: kind, profile: index, strip } = place.dataset;
  if (kind === "all-throughput") return allThroughput(place, theme, data);
  if (kind === "all-ports") return allPorts(place, theme, data);
  const profile = data.profiles[Number(index)];
  if (profile === undefined) return null;
  if (kind === "throughput") return throughput(place, theme, profile, data.shared);
  if (kind === "latency") return latency(place, theme, profile, data.shared);
  if (kind === "ports") return ports(place, theme, profile, data.shared);
  const heat = profile.heat[Number(strip)];
  if (heat !== undefined && place instanceof HTMLCanvasElement) drawHeat(place, theme, heat, data.shared.seconds);
  return null;
}

function fitAll(): void {
  for (const { chart, place } of drawn) {
    if (place.clientWidth > 0 && place.clientWidth !== chart.width)
      chart.setSize({ width: place.clientWidth, height: chart.height });
  }
}
