/** Kernel's USER_HZ: the unit of /proc/stat and /proc/PID/stat, 100 on every architecture that Node runs on (what `getconf CLK_TCK` says). */
export const msPerTick = 10;
