/**
 * Whether a line says that an export was lost. k6 logs one such line for each and goes on; the numbers in it are gone,
 * so the trial is invalid, not quiet.
 */
export function isExportFailure(line: string): boolean {
  return /failed to upload metrics|can't shutdown OpenTelemetry metric provider|can't flush some metrics/.test(line);
}
