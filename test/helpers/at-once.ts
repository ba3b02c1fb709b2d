import test from "ava";
import { testNeeding } from "./parts.ts";

/**
 * testNeeding for a file whose tests mostly wait, and share nothing that they change: so many of them are under way at
 * once, in their order. A test's own time limit, where it sets one, begins when it is its turn.
 */
export function testsAtOnce(count: number): typeof testNeeding {
  let free = count;
  const waiting: (() => void)[] = [];
  const turn = async () => {
    if (free === 0) await new Promise<void>((resolve) => void waiting.push(resolve));
    else free -= 1;
  };
  const over = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return (parts, title, body) =>
    testNeeding(
      parts,
      title,
      async (t) => {
        await turn();
        try {
          await body(t);
        } finally {
          over();
        }
      },
      test,
    );
}
