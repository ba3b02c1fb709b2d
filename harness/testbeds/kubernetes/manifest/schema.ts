import * as z from "zod";

/**
 * The forms of what a run reads or changes in a manifest; all else goes on to the API server, which knows the rest. Nothing (null) is
 * taken out before: Kubernetes reads it as not written.
 */

const texts = z.record(z.string(), z.string());
const named = z.looseObject({ name: z.string().min(1) });
const reference = z.looseObject({ name: z.string().optional() });

const variable = named.extend({
  value: z.string().optional(),
  valueFrom: z.looseObject({ configMapKeyRef: reference.optional() }).optional(),
});

const port = z.union([z.number(), z.string()]);
const probe = z.looseObject({
  httpGet: z.looseObject({ port }).optional(),
  tcpSocket: z.looseObject({ port }).optional(),
  exec: z.looseObject({ command: z.array(z.string()).optional() }).optional(),
});

const container = named.extend({
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  workingDir: z.string().optional(),
  env: z.array(variable).optional(),
  envFrom: z.array(z.looseObject({ configMapRef: reference.optional() })).optional(),
  ports: z.array(z.looseObject({ containerPort: z.number() })).optional(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).optional(),
  resources: z.looseObject({ requests: z.looseObject({}).optional(), limits: z.looseObject({}).optional() }).optional(),
  securityContext: z.looseObject({}).optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  lifecycle: z.looseObject({}).optional(),
});

const volume = named.extend({
  configMap: reference.optional(),
  projected: z
    .looseObject({ sources: z.array(z.looseObject({ configMap: reference.optional() })).optional() })
    .optional(),
});

const podSpec = z.looseObject({
  containers: z.array(container).min(1),
  initContainers: z.array(container).optional(),
  volumes: z.array(volume).optional(),
  nodeSelector: texts.optional(),
  affinity: z
    .looseObject({
      nodeAffinity: z
        .looseObject({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .looseObject({
              nodeSelectorTerms: z.array(z.looseObject({ matchFields: z.array(z.looseObject({})).optional() })),
            })
            .optional(),
        })
        .optional(),
    })
    .optional(),
  tolerations: z.array(z.looseObject({})).optional(),
  securityContext: z.looseObject({ sysctls: z.array(named).optional() }).optional(),
  topologySpreadConstraints: z.array(z.looseObject({})).optional(),
  hostNetwork: z.boolean().optional(),
});

const inNamespace = { namespace: z.string().min(1).optional() };
const podMetadata = z.looseObject({ labels: texts.optional(), annotations: texts.optional() });

export const podForm = z.looseObject({
  metadata: podMetadata.extend({ name: z.string().min(1), ...inNamespace }),
  spec: podSpec,
});

export const workloadForm = z.looseObject({
  metadata: named.extend(inNamespace),
  spec: z.looseObject({
    replicas: z.number().int().min(0).optional(),
    template: z.looseObject({ metadata: podMetadata.optional(), spec: podSpec }),
    volumeClaimTemplates: z.array(z.looseObject({ metadata: named })).optional(),
  }),
});

export const configMapForm = z.looseObject({
  metadata: named,
  data: texts.optional(),
  binaryData: texts.optional(),
});

export const serviceForm = z.looseObject({
  metadata: named.extend(inNamespace),
  spec: z
    .looseObject({
      type: z.string().optional(),
      clusterIP: z.string().optional(),
      selector: texts.optional(),
      ports: z.array(z.looseObject({ port: z.number() })).optional(),
    })
    .optional(),
});
