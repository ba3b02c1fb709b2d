/** Name of the file below /etc/sysctl.d; read after a distribution's own. */
export const sysctlFileName = "90-tunebench.conf";

/** sysctl.d(5): a line for each key. Keys and values were checked (checkSetting): one line each. */
export function sysctlFile(settings: { key: string; value: string }[]): string {
  return settings.map(({ key, value }) => `${key} = ${value}\n`).join("");
}
