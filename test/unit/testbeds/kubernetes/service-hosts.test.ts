import test from "ava";
import { readManifest } from "../../../../harness/testbeds/kubernetes/manifest/read-manifest.ts";
import { serviceHosts } from "../../../../harness/testbeds/kubernetes/service-hosts.ts";

const file = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: "cart:1", ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart }
spec: { selector: { app: cart }, ports: [{ port: 8080, targetPort: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart-http, namespace: other }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart-headless }
spec: { clusterIP: None, selector: { app: cart }, ports: [{ port: 80, targetPort: 8080 }] }
`;

test("names of Services lead to the run's own pod, through the trial's Service where that maps ports", (t) => {
  const manifest = readManifest("m.yaml", file);
  const services = ["10.96.0.1", "10.96.0.2", "None"].map((clusterIP) => ({ spec: { clusterIP } }));
  const names = (name: string, within: string) => [
    name,
    `${name}.${within}`,
    `${name}.${within}.svc`,
    `${name}.${within}.svc.cluster.local`,
  ];
  t.deepEqual(serviceHosts({ manifest, podAddress: "10.244.0.7", services, tellers: [manifest] }), [
    { ip: "10.244.0.7", hostnames: names("cart", "shop") },
    { ip: "10.96.0.2", hostnames: names("cart-http", "other") },
    { ip: "10.244.0.7", hostnames: names("cart-headless", "shop") },
  ]);
});
