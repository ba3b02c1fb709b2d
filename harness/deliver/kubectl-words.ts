/** Whether a text of the user's file can stand in a command. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text);
}

/** ` --namespace shop`, behind a command; null where it is not known, or can't stand in one. */
export function inNamespace(namespace: string | null): string | null {
  return namespace !== null && isName(namespace) ? ` --namespace ${namespace}` : null;
}
