/** Whether k6 came to a proper end: its schedule was over, or it was told to stop. Source: k6 v2.2.0, errext/exitcodes/codes.go. */
export function isProperEnd({ exitCode, signal }: { exitCode: number | null; signal: string | null }): boolean {
  return signal === null && exitCode !== null && [0, 103, 105].includes(exitCode);
}
