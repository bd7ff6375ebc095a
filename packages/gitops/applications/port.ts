/** An Application as YAML or JSON has it, not looked into yet. */
export type ApplicationObject = unknown;

/** `spec.destination`. */
export interface Destination {
  readonly server?: string;
  readonly name?: string;
}

/** What Argo CD knows of Applications, as far as a bump needs it. Every method throws a SluiceError. */
export interface ApplicationLister {
  /** The base URL, for messages. */
  readonly server: string;
  /** Name, namespace, annotations and spec of every Application that the token may see. */
  list(): Promise<readonly ApplicationObject[]>;
  /** The whole of one that `list` gave: its status says of what type each source is. */
  get(application: {
    readonly name: string;
    readonly namespace: string;
    readonly project: string;
  }): Promise<ApplicationObject>;
  /** The annotations of the cluster; undefined where the token may not see it, or Argo CD does not know it. */
  clusterAnnotations(destination: Destination): Promise<Readonly<Record<string, string>> | undefined>;
}
