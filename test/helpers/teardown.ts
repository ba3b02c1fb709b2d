import type { Teardown } from "../../harness/testbeds/testbed.ts";

/** A Teardown for tests: undoes in reverse, tries every step, and throws the first failure at the end. */
export class TestTeardown implements Teardown {
  readonly #steps: { title: string; undo: () => Promise<void> | void }[] = [];

  add(title: string, undo: () => Promise<void> | void): void {
    this.#steps.push({ title, undo });
  }

  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const { undo } of this.#steps.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
