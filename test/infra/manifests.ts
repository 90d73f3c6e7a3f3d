import { dirname, join } from 'node:path';
import { readYaml } from './files.ts';
import type { Manifest } from './kubernetes-types.ts';

export interface Kustomization {
  kind: 'Kustomization' | 'Component';
  resources: string[];
  components?: string[];
  images?: { name: string; newName?: string; newTag: string }[];
  configMapGenerator?: { name: string; files: string[] }[];
}

export interface Container {
  name: string;
  image: string;
  args: string[];
  env: { name: string; value: string }[];
  ports: { name: string; containerPort: number }[];
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
  lifecycle?: { preStop: { sleep: { seconds: number } } };
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}
interface Probe {
  httpGet: { path: string; port: string };
}

export type Deployment = Manifest & {
  spec: {
    replicas?: number;
    strategy: { type: string };
    selector: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
};
interface PodSpec {
  serviceAccountName: string;
  automountServiceAccountToken: boolean;
  terminationGracePeriodSeconds: number;
  securityContext: Record<string, unknown>;
  topologySpreadConstraints?: { labelSelector: { matchLabels: Record<string, string> } }[];
  containers: Container[];
  volumes: { name: string; secret?: { secretName: string }; configMap?: { name: string } }[];
}

/** The folder's `kustomization.yaml`. */
export function kustomizationOf(folder: string): Kustomization {
  return readYaml(`${folder}/kustomization.yaml`)[0] as Kustomization;
}

/** Every manifest of a kustomization and of what it is made of, with the file that it stands in. */
export function manifestsOf(folder: string): { file: string; manifest: Manifest }[] {
  const { resources, components = [] } = kustomizationOf(folder);
  return [...resources, ...components].flatMap((path) => {
    const file = join(folder, path);
    if (!path.endsWith('.yaml')) return manifestsOf(file);
    return readYaml(file).map((manifest) => ({ file, manifest: manifest as Manifest }));
  });
}

/** Folders of all kustomizations below one. */
export function kustomizationFolders(files: readonly string[]): string[] {
  return files.filter((path) => path.endsWith('/kustomization.yaml')).map((path) => dirname(path));
}
