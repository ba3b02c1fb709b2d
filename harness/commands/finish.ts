/** Makes an action of a command that is loaded when it is called: what it resolves to becomes the exit code. */
export type Finish = <A extends unknown[]>(
  load: () => Promise<(...args: A) => Promise<number> | number>,
) => (...args: A) => Promise<void>;
