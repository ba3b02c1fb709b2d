import test from "ava";
import { stringify } from "yaml";
import { readManifest } from "../../../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import { manifestWarnings } from "../../../../harness/testbeds/kubernetes/manifest-warnings.ts";
import type { PartSources } from "../../../../harness/testbeds/kubernetes/part-sources.ts";
import { serviceHosts } from "../../../../harness/testbeds/kubernetes/service-hosts.ts";
import { dialWarnings, startOrder } from "../../../../harness/testbeds/kubernetes/start-order.ts";

/** Workloads of one file, each behind a Service of its name, with what each is told. */
function sourcesOf(told: Record<string, string[]>, target: string, namespace?: string): PartSources {
  const within = namespace === undefined ? {} : { namespace };
  const file = Object.entries(told).flatMap(([name, urls]) => {
    const labels = { app: name };
    const env = urls.map((value, i) => ({ name: `URL_${i}`, value }));
    const spec = { containers: [{ name, image: `${name}:1`, env }] };
    return [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, ...within },
        spec: { selector: labels, ports: [{ port: 80 }] },
      },
      {
        ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, ...within } },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      },
    ];
  });
  const text = file.map((object) => stringify(object)).join("---\n");
  const source = (name: string) => ({ manifest: readManifest("all.yaml", text, `Deployment/${name}`), files: {} });
  return Object.fromEntries(Object.keys(told).map((name) => [name === target ? "target" : name, source(name)]));
}

test("an upstream waits for those that it dials by name, whatever their order in the suite", (t) => {
  const sources = sourcesOf(
    {
      web: ["http://cart/"],
      cart: ["http://stock:80/a", "redis.shop.svc.cluster.local:6379"],
      stock: ["redis.shop"],
      redis: [],
    },
    "web",
    "shop",
  );
  t.deepEqual(startOrder(sources), { cart: ["stock", "redis"], stock: ["redis"], redis: [] });
  t.deepEqual(dialWarnings(sources), []);
});

test("a name is a whole word, with its own namespace or none", (t) => {
  const told = ["http://my-cart/", "cart.js", "cart.other:80", "--cart=1x", "cartel", "x.cart"];
  const order = startOrder(sourcesOf({ web: [], a: told.slice(0, 3), b: told.slice(4), cart: [] }, "web", "shop"));
  t.deepEqual(order, { a: [], b: [], cart: [] });
});

test("of two that dial each other the first does not wait; that, and a name that is no part's, is said", (t) => {
  const sources = sourcesOf(
    { web: ["http://billing.finance.svc:80/"], a: ["http://b/"], b: ["http://a/", "http://web/"] },
    "web",
    "shop",
  );
  t.deepEqual(startOrder(sources), { a: ["b"], b: [] });
  const said = dialWarnings(sources);
  t.is(said.length, 3, said.join("\n"));
  t.regex(
    said[0] ?? "",
    /^all\.yaml:\d+: target names billing\.finance\.svc, which is no part of the suite: .* make it an upstream$/,
  );
  t.regex(said[1] ?? "", /: b dials a Service of target, which is started after it/);
  t.regex(said[2] ?? "", /: b dials a Service of a, which is started after it/);
});

test("where the file leaves the namespace open, the one that is dialled is meant", (t) => {
  const sources = sourcesOf({ web: ["http://cart.shop.svc.cluster.local/"], cart: [] }, "web");
  t.deepEqual(dialWarnings(sources), []);
  const { cart, target } = sources;
  if (cart?.manifest == null || target?.manifest == null) return t.fail();
  const tellers = [target.manifest, cart.manifest];
  const [alias] = serviceHosts({ manifest: cart.manifest, podAddress: "10.1.1.1", services: [], tellers });
  t.true(alias?.hostnames?.includes("cart.shop.svc.cluster.local"));
  t.true(alias?.hostnames?.includes("cart.default"));
});

test("what another part of the same file makes is not called left out", (t) => {
  const said = manifestWarnings(sourcesOf({ web: [], cart: [], stock: [] }, "web", "shop"));
  t.false(
    said.some((line) => /is not made/.test(line)),
    said.join("\n"),
  );
  t.is(new Set(said).size, said.length);
  const some = manifestWarnings({
    target: sourcesOf({ web: [], cart: [] }, "web", "shop").target ?? { manifest: null, files: {} },
  });
  t.true(some.some((line) => /Deployment cart is not made for this part/.test(line)));
});
