/** What comes in and what is dialled, of the looks at a namespace. */
import test from "ava";
import { trafficOf } from "../../../../harness/observe/suite/traffic.ts";
import { counters, destination, dialled, seen, table } from "../../../helpers/live-samples.ts";

const opens = (atMs: number, active: number, passive: number) =>
  counters(atMs, { ActiveOpens: (active * atMs) / 1000, PassiveOpens: (passive * atMs) / 1000 });

const rates = (destinations: ReturnType<typeof destination>[], active: number) => {
  const looks = [0, 10_000].flatMap((atMs) => [table(atMs, { destinations }), opens(atMs, active, 50)]);
  const traffic = trafficOf(seen(looks), 8080);
  return {
    incoming: traffic.incoming.openedPerSecond,
    dialled: traffic.destinations.map((one) => one.openedPerSecond),
  };
};

test("new connections go where TIME_WAITs are made", (t) => {
  const both = [dialled(30, 20), { ...dialled(10, 20), port: 3307 }];
  t.deepEqual(rates(both, 40), { incoming: 50, dialled: [30, 10] });
});

test("where the other side closes, the few TIME_WAITs that are left here say nothing: to all alike", (t) => {
  const both = [{ ...dialled(1, 3), port: 3307 }, destination()];
  t.deepEqual(rates(both, 40), { incoming: 50, dialled: [20, 20] });
  t.deepEqual(rates([destination()], 40).dialled, [40]);
});
