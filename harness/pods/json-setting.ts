/** What a program inside a pod is told: JSON in a variable of its environment. Throws Error where it is not there. */
export function jsonSetting<T>(env: NodeJS.ProcessEnv, name: string): T {
  const text = env[name];
  if (text === undefined) throw new Error(`${name} is not set`);
  return JSON.parse(text) as T;
}
