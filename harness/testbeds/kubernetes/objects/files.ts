import type { V1ConfigMap, V1ObjectMeta, V1Volume } from "@kubernetes/client-node";
import { InputError } from "../../../core/errors.ts";

/** The API server takes ConfigMaps up to 1 MiB; names and the like want a little of it. */
const mostBytes = 1024 * 1024 - 16 * 1024;

/**
 * Files of the suite's folder as a ConfigMap and the volume that shows them under their paths.
 * @throws InputError where they are too large
 */
export function filesConfigMap(
  metadata: V1ObjectMeta,
  files: Record<string, Uint8Array>,
): { configMap: V1ConfigMap; volume: V1Volume } {
  const entries = Object.entries(files).map(([path, content], i) => ({ key: `file-${i}`, path, content }));
  const bytes = entries.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (bytes > mostBytes) {
    throw new InputError(`the files of a part take ${bytes} bytes, and a ConfigMap holds at most ${mostBytes}`, {
      hint: "leave out what the part does not read, or build an image with them and name it in kubernetes.image",
    });
  }
  const texts = entries.map(({ key, content }) => ({ key, text: asText(content), content }));
  const data = texts.flatMap(({ key, text }) => (text === null ? [] : [[key, text]]));
  const binary = texts.flatMap(({ key, text, content }) =>
    text === null ? [[key, Buffer.from(content).toString("base64")]] : [],
  );
  return {
    configMap: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      immutable: true,
      data: Object.fromEntries(data),
      ...(binary.length === 0 ? {} : { binaryData: Object.fromEntries(binary) }),
    },
    volume: {
      name: "tunebench-suite",
      configMap: {
        name: metadata.name ?? "",
        defaultMode: 0o555,
        items: entries.map(({ key, path }) => ({ key, path })),
      },
    },
  };
}

/** null where the bytes are not UTF-8. */
function asText(content: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}
