/** A warning before its line is looked up: `path` within the pod's object. */
export interface ManifestFault {
  path: readonly PropertyKey[];
  text: string;
}
