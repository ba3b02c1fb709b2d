/** Loaded before a program (node --import), in JavaScript since stripping types would be counted too: writes its CPU ms and peak RSS (kB) on file descriptor 3 when it ends. */
import { writeSync } from "node:fs";

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, JSON.stringify({ maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 }));
});
