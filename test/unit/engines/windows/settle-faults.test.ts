import test from "ava";
import fc from "fast-check";
import {
  type NamedFault,
  nothingUnsettled,
  settleFaults,
  type Unsettled,
} from "../../../../harness/engines/windows/settle-faults.ts";

const named = (count: number, kind = "EADDRNOTAVAIL", status = "503"): NamedFault => ({
  kind,
  side: "target",
  status,
  count,
});

test("names and responses of one window meet", (t) => {
  const { faults, unsettled } = settleFaults({
    failed: { 503: 5 },
    named: [named(3), named(2, "")],
    before: nothingUnsettled,
    scriptNamesFaults: true,
  });
  t.deepEqual(faults, [
    { kind: "EADDRNOTAVAIL", side: "target", count: 3 },
    { kind: "HTTP 503", side: "target", count: 2, status: 503 },
  ]);
  t.deepEqual(unsettled, nothingUnsettled);
});

test("a response waits one window for its name, then is called by its status", (t) => {
  const first = settleFaults({
    failed: { 503: 2 },
    named: [],
    before: nothingUnsettled,
    scriptNamesFaults: true,
  });
  t.deepEqual(first.faults, []);
  t.deepEqual(first.unsettled.requests, { 503: 2 });
  const second = settleFaults({ failed: {}, named: [named(1)], before: first.unsettled, scriptNamesFaults: true });
  t.deepEqual(second.faults, [
    { kind: "EADDRNOTAVAIL", side: "target", count: 1 },
    { kind: "HTTP 503", side: "target", count: 1, status: 503 },
  ]);
});

test("a name that came early waits for its response, for one window", (t) => {
  const first = settleFaults({ failed: {}, named: [named(2)], before: nothingUnsettled, scriptNamesFaults: true });
  const second = settleFaults({
    failed: { 503: 1 },
    named: [],
    before: first.unsettled,
    scriptNamesFaults: true,
  });
  t.deepEqual(second.faults, [{ kind: "EADDRNOTAVAIL", side: "target", count: 1 }]);
  t.deepEqual(second.unsettled, nothingUnsettled);
});

test("where the script names nothing, nobody waits", (t) => {
  const { faults } = settleFaults({
    failed: { 500: 4 },
    named: [],
    before: nothingUnsettled,
    scriptNamesFaults: false,
  });
  t.deepEqual(faults, [{ kind: "HTTP 500", side: "target", count: 4, status: 500 }]);
});

test("each failed response is counted once, however names and responses are spread over windows", (t) => {
  const status = fc.constantFrom("500", "503");
  const counts = fc.dictionary(status, fc.integer({ min: 1, max: 20 }));
  const names = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom("A", "B"), status), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(counts, names), { minLength: 1, maxLength: 8 }), (windows) => {
      let before: Unsettled = nothingUnsettled;
      let counted = 0;
      for (const [failed, parts] of [...windows, [{}, []], [{}, []]] as typeof windows) {
        const given = parts.map(([count, kind, code]) => named(count, kind, code));
        const settled = settleFaults({ failed, named: given, before, scriptNamesFaults: true });
        counted += settled.faults.reduce((sum, fault) => sum + fault.count, 0);
        before = settled.unsettled;
      }
      const sent = windows.flatMap(([failed]) => Object.values(failed)).reduce((sum, count) => sum + count, 0);
      t.is(counted, sent);
    }),
  );
});
