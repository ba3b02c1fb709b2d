import { formatCount } from "../../core/numbers.ts";
import { counted, listWords } from "../../core/words.ts";
import type { Arrival, Expectation, Held } from "../../deliver/expectation.ts";
import type { Report, Section, Table, Text, Tone } from "../blocks.ts";

/** Whether what was delivered has arrived: the answer, each value in each place, and what was not looked at. */
export function expectationReport(expectation: Expectation, held: readonly Held[]): Report {
  const looked = held.filter(({ arrival }) => arrival.state !== "elsewhere");
  const [headline, tone] = answerOf(looked, looked.length === held.length);
  return {
    title: "tunebench observe: what was delivered",
    facts: [],
    headline,
    tone,
    lead: [`Expected is ${originWords(expectation)}.`],
    notices: [],
    sections: [...(looked.length === 0 ? [] : [valuesSection(looked)]), ...notes(held)],
  };
}

function answerOf(looked: readonly Held[], isAll: boolean): [string, Tone] {
  const of = (...states: Arrival["state"][]) => looked.filter(({ arrival }) => states.includes(arrival.state));
  const [missing, older, unread] = [of("has-not"), of("older-listener"), of("unreadable")];
  if (missing.length > 0) return [`Not delivered: ${whereWords(missing, looked)}.`, "bad"];
  if (older.length > 0) {
    return [`Delivered, but a listener goes by an earlier value: ${whereWords(older, looked)}.`, "bad"];
  }
  if (looked.length === 0) return ["None of what was delivered can be found in such a place.", "open"];
  if (unread.length > 0) return [`Not all could be read: ${whereWords(unread, looked)}.`, "open"];
  const places = placesIn(looked).length;
  const keys = looked.length / places;
  return [
    `All ${isAll ? "" : "that can be found here "}is there: ${counted(keys, "value")} in ${counted(places, "place")}.`,
    "good",
  ];
}

/** "net.core.somaxconn in 2 of 3 places (shop/web-1, shop/web-2)" for each key. */
function whereWords(some: readonly Held[], looked: readonly Held[]): string {
  const keys = [...new Set(some.map(({ key }) => key))];
  const all = placesIn(looked).length;
  return keys
    .map((key) => {
      const places = placesIn(some.filter((one) => one.key === key));
      const named = places.length > 3 ? [...places.slice(0, 3), `${formatCount(places.length - 3)} more`] : places;
      const many = all === 1 ? "" : `${formatCount(places.length)} of ${formatCount(all)} places: `;
      return `${key} (${many}${listWords(named)})`;
    })
    .join("; ");
}

function placesIn(held: readonly Held[]): string[] {
  return [...new Set(held.map(({ subject }) => subject))];
}

function originWords({ origin }: Expectation): string {
  if (origin.kind === "run") return `profile ${origin.profile} of run ${origin.id}`;
  return origin.profile === null ? `suite ${origin.name}` : `profile ${origin.profile} of suite ${origin.name}`;
}

function valuesSection(looked: readonly Held[]): Section {
  const table: Table = {
    kind: "table",
    caption: "Each value that was delivered, in each place that was looked at",
    columns: [
      { title: "place", isName: true },
      { title: "setting", isName: true },
      { title: "expected", numeric: true },
      { title: "found", numeric: true },
      { title: "" },
    ],
    rows: looked.map((one): Text[] => [one.subject, one.key, one.expected, one.found ?? "-", markOf(one.arrival)]),
    notes: [],
  };
  return { id: "values", title: "Values", reach: "everywhere", blocks: [table] };
}

function markOf(arrival: Arrival): Text {
  switch (arrival.state) {
    case "has":
      return { kind: "mark", text: "has", tone: "good", sign: "\u2713" };
    case "has-not":
      return { kind: "mark", text: "has not", tone: "bad", sign: "\u2717" };
    case "older-listener":
      return { kind: "mark", text: "older listener", brief: "older", tone: "bad", sign: "\u2717" };
    default:
      return { kind: "mark", text: "not readable", brief: "unread", tone: "open", sign: "?" };
  }
}

/** What can't be told from the table. */
function notes(held: readonly Held[]): Section[] {
  const elsewhere = held.filter(({ arrival }) => arrival.state === "elsewhere");
  const items = [...olderWords(held), ...elsewhereWords(elsewhere)];
  return items.length === 0
    ? []
    : [{ id: "notes", title: "To know", reach: "everywhere", blocks: [{ kind: "list", items }] }];
}

function olderWords(held: readonly Held[]): string[] {
  return held.flatMap(({ subject, key, arrival }) =>
    arrival.state === "older-listener"
      ? [
          `${subject}: the listener on port ${arrival.port} has a queue of ${formatCount(arrival.limit)}, which is what a kernel begins with: ${key} is read once, when a program begins to listen. Start the program again; if the limit stays, it is the backlog that the program asks for.`,
        ]
      : [],
  );
}

const looksElsewhere = {
  pod: "is a pod's own: look at one (--pod, --workload)",
  node: "is the node's own, which no pod has: look at it there (--node)",
  machine: "is a machine's: look at it there (--node, --pid or --listen)",
  container:
    "is a container's, which has a network of its own: look at it there, on its machine (--container, --pid or --listen)",
} as const;

function elsewhereWords(held: readonly Held[]): string[] {
  const byKey = new Map(held.map((one) => [one.key, one.scope]));
  return [...byKey].map(([key, scope]) => `Not looked at: ${key} ${looksElsewhere[scope]}.`);
}
