import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { root } from '../architecture/source-tree.ts';
import { filesEnding, infra, readText, readYaml } from './files.ts';
import { faultsOf, type Manifest } from './kubernetes-types.ts';
import { type Deployment, kustomizationFolders, kustomizationOf, manifestsOf } from './manifests.ts';
import { services as known, unknownVariables } from './services.ts';

const ours = Object.keys(known).filter((name) => name !== 'standalone');
const all = manifestsOf('kubernetes/overlays/production');
const manifests = all.map(({ manifest }) => manifest);
const ofKind = <T extends Manifest>(kind: string) => manifests.filter((manifest) => manifest.kind === kind) as T[];
const deployments = ofKind<Deployment>('Deployment');
const secrets = readYaml('kubernetes/secrets.example.yaml') as (Manifest & { stringData: Record<string, string> })[];
const settings = { name: 'michinori.yaml', text: readText('kubernetes/base/michinori.yaml') };

const deploymentOf = (name: string): Deployment => {
  const deployment = deployments.find(({ metadata }) => metadata.name === name);
  if (deployment === undefined) throw new Error(`no deployment ${name}`);
  return deployment;
};
const podOf = (name: string) => deploymentOf(name).spec.template.spec;
const containerOf = (name: string) => {
  const [container, ...others] = podOf(name).containers;
  if (container === undefined || others.length > 0) throw new Error(`${name} has not one container`);
  return container;
};
const environmentOf = (name: string) =>
  Object.fromEntries(containerOf(name).env.map((each) => [each.name, each.value]));
const loadedOf = (name: string) => {
  const read: string[] = [];
  const readFile = (path: string): string => {
    read.push(path);
    return 'secret';
  };
  const config = known[name]?.load({ env: environmentOf(name), file: settings, readFile }).config as Settings;
  return { config, read };
};
interface Settings {
  keysFile?: string;
  log: { kafka: { brokers: string[]; partitions: number; topicPrefix: string; tls: { ca: string } } };
  clickhouse: { url: string };
  processor: { group: string };
}
const selects = (selector: Record<string, string>, labels: Record<string, string>) =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
const selected = (selector: Record<string, string>) =>
  deployments
    .filter(({ spec }) => selects(selector, spec.template.metadata.labels))
    .map(({ metadata }) => metadata.name);

describe('manifests', () => {
  it.each(all)('$file: $manifest.kind $manifest.metadata.name is what Kubernetes knows', async ({ manifest }) => {
    expect(await faultsOf(manifest)).toEqual([]);
  });

  it.each([
    ['a misspelt field', (text: string) => text.replace('"readinessProbe"', '"readynessProbe"')],
    ['a field at the wrong depth', (text: string) => text.replace('"spec":{', '"spec":{"containers":[],')],
    ['a wrong type', (text: string) => text.replace('"containerPort":8081', '"containerPort":"8081"')],
    ['a missing field', (text: string) => text.replace(/"selector":\{"matchLabels":\{[^}]*\}\},/, '')],
  ])('the check notices %s', async (_what, spoil) => {
    const text = JSON.stringify(deploymentOf('ingest'));
    expect(spoil(text)).not.toBe(text);
    expect(await faultsOf(JSON.parse(spoil(text)))).not.toEqual([]);
  });

  it('no two have the same kind and name, and none names a namespace of its own', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(manifests.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
  });

  it('every file is listed in the kustomization of its folder', () => {
    const files = filesEnding('kubernetes', '.yaml');
    const folders = kustomizationFolders(files);
    expect(folders.length).toBeGreaterThan(4);
    const listed = folders.flatMap((folder) => {
      const { resources, configMapGenerator = [] } = kustomizationOf(folder);
      return [...resources, ...configMapGenerator.flatMap((each) => each.files)].map((path) => join(folder, path));
    });
    const loose = files.filter((path) => !path.endsWith('kustomization.yaml') && !listed.includes(path));
    expect(loose).toEqual(['kubernetes/secrets.example.yaml']);
  });

  it('images have exact versions, and an overlay renames those that exist', () => {
    const images = deployments.map(({ metadata }) => containerOf(metadata.name).image);
    for (const image of images) expect(image).toMatch(/^michinori\/[a-z-]+:\d+\.\d+\.\d+$/);
    const names = images.map((image) => image.split(':')[0]).sort();
    for (const folder of ['kubernetes/base', 'kubernetes/overlays/production']) {
      const renamed = kustomizationOf(folder).images ?? [];
      expect(renamed.map(({ name }) => name).sort()).toEqual(names);
      for (const { newTag } of renamed) expect(newTag).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});

describe('deployments', () => {
  it('are the four services', () => {
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([...ours].sort());
  });

  it.each(ours)('%s: selector, labels, spread and image agree', (name) => {
    const { spec } = deploymentOf(name);
    expect(selected(spec.selector.matchLabels)).toEqual([name]);
    for (const { labelSelector } of podOf(name).topologySpreadConstraints ?? []) {
      expect(selected(labelSelector.matchLabels)).toEqual([name]);
    }
    expect(containerOf(name).image).toBe(`michinori/${name}:0.1.0`);
  });

  it.each(ours)('%s: probes ask what the services answer', (name) => {
    const routes = readFileSync(join(root, 'packages/runtime/src/health-routes.ts'), 'utf8');
    const { startupProbe, livenessProbe, readinessProbe, ports } = containerOf(name);
    expect([startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path)).toEqual([
      '/livez',
      '/livez',
      '/readyz',
    ]);
    for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
      expect(routes).toContain(`app.get('${httpGet.path}'`);
      expect(ports.map((port) => port.name)).toContain(httpGet.port);
    }
  });

  it.each(ours)('%s: no rights, no token, nothing to write to', (name) => {
    const pod = podOf(name);
    const container = containerOf(name);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const { name: mount, readOnly } of container.volumeMounts)
      expect(readOnly === true || mount === 'tmp').toBe(true);
    expect(Object.keys(container.resources.requests).sort()).toEqual(['cpu', 'memory']);
    expect(container.resources.limits.memory).toBe(container.resources.requests.memory);
    expect(ofKind('ServiceAccount').map(({ metadata }) => metadata.name)).toContain(pod.serviceAccountName);
  });

  it.each(ours)('%s: the heap fits into the memory limit', (name) => {
    const heapMiB = Number(/=(\d+)$/.exec(environmentOf(name).NODE_OPTIONS ?? '')?.[1]);
    const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(containerOf(name).resources.limits.memory ?? '') ?? [];
    expect(heapMiB).toBeLessThanOrEqual(0.75 * Number(amount) * (unit === 'Gi' ? 1024 : 1));
  });

  it.each(ours)('%s: the end fits into the grace period', (name) => {
    const prestop = containerOf(name).lifecycle?.preStop.sleep.seconds ?? 0;
    expect(podOf(name).terminationGracePeriodSeconds - prestop).toBeGreaterThan(30);
    expect(prestop > 0).toBe(['ingest', 'query-api'].includes(name));
  });

  it('there is never a second alerter', () => {
    expect(deploymentOf('alerter').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });
});

describe('settings', () => {
  it.each(ours)('%s: the file and the environment are valid for it', (name) => {
    expect(unknownVariables(name, environmentOf(name))).toEqual([]);
    const { config } = loadedOf(name);
    expect(known[name]?.port(config)).toBe(containerOf(name).ports[0]?.containerPort);
    expect(config).toMatchObject({ [name === 'query-api' ? 'queryApi' : name]: { host: '0.0.0.0' } });
    expect(containerOf(name).args).toEqual(['--config', '/etc/michinori/michinori.yaml']);
  });

  it.each(ours)('%s: every file that it reads is mounted from a secret that is described', (name) => {
    const { config, read } = loadedOf(name);
    const wanted = [...read];
    if (config.keysFile !== undefined) wanted.push(config.keysFile);
    if (config.log !== undefined) wanted.push(config.log.kafka.tls.ca);
    expect(wanted.length).toBeGreaterThan(0);
    for (const path of wanted) {
      const folder = path.slice(0, path.lastIndexOf('/'));
      const mount = containerOf(name).volumeMounts.find(({ mountPath }) => mountPath === folder);
      const volume = podOf(name).volumes.find((each) => each.name === mount?.name);
      const secret = secrets.find(({ metadata }) => metadata.name === volume?.secret?.secretName);
      expect(Object.keys(secret?.stringData ?? {}), `${name}: ${path}`).toContain(path.slice(folder.length + 1));
    }
  });

  it.each(ours)('%s: mounts nothing that it does not have, and has nothing that it does not mount', (name) => {
    const volumes = podOf(name).volumes.map((volume) => volume.name);
    expect(
      containerOf(name)
        .volumeMounts.map((mount) => mount.name)
        .sort(),
    ).toEqual(volumes.sort());
    const generated = (kustomizationOf('kubernetes/base').configMapGenerator ?? [])
      .map((each) => each.name)
      .filter((map) => map !== 'michinori-alerts' || name === 'alerter');
    const maps = podOf(name).volumes.flatMap(({ configMap }) => (configMap === undefined ? [] : [configMap.name]));
    expect(maps).toEqual(generated);
  });
});

describe('what stands around the deployments', () => {
  it('services lead to their deployment, at its port', () => {
    const found = ofKind<
      Manifest & { spec: { selector: Record<string, string>; ports: { port: number; targetPort: string }[] } }
    >('Service');
    expect(found.map(({ metadata }) => metadata.name).sort()).toEqual([...ours].sort());
    for (const { metadata, spec } of found) {
      expect(selected(spec.selector)).toEqual([metadata.name]);
      expect(spec.ports.map(({ port }) => port)).toEqual(
        containerOf(metadata.name).ports.map((port) => port.containerPort),
      );
      expect(spec.ports.map(({ targetPort }) => targetPort)).toEqual(['http']);
    }
  });

  it('disruption budgets cover every deployment that has more than one pod, and leave room', () => {
    const budgets = ofKind<
      Manifest & { spec: { maxUnavailable: number; selector: { matchLabels: Record<string, string> } } }
    >('PodDisruptionBudget');
    expect(budgets.flatMap(({ spec }) => selected(spec.selector.matchLabels)).sort()).toEqual([
      'ingest',
      'processor',
      'query-api',
    ]);
    for (const { spec } of budgets) expect(spec.maxUnavailable).toBe(1);
  });

  it('autoscalers act on deployments that set no replicas of their own against them', () => {
    const [scaler] = ofKind<Manifest & { spec: { scaleTargetRef: { name: string }; minReplicas: number } }>(
      'HorizontalPodAutoscaler',
    );
    expect(scaler?.spec.scaleTargetRef.name).toBe('ingest');
    expect(scaler?.spec.minReplicas).toBeGreaterThan(1);
    expect(deploymentOf('ingest').spec.replicas).toBeUndefined();
    expect(containerOf('ingest').resources.requests.cpu).toBeDefined();
  });

  it('the processor scales by the lag of the group that it is, to no more than there are partitions', () => {
    const [scaled] = ofKind<
      Manifest & {
        spec: {
          scaleTargetRef: { name: string };
          maxReplicaCount: number;
          triggers: { metadata: Record<string, string>; authenticationRef: { name: string } }[];
        };
      }
    >('ScaledObject');
    const { log, processor } = loadedOf('processor').config;
    const [trigger] = scaled?.spec.triggers ?? [];
    expect(scaled?.spec.scaleTargetRef.name).toBe('processor');
    expect(scaled?.spec.maxReplicaCount).toBe(log.kafka.partitions);
    expect(trigger?.metadata).toMatchObject({
      bootstrapServers: log.kafka.brokers.join(','),
      topic: `${log.kafka.topicPrefix}${topics.events}`,
      consumerGroup: `${processor.group}.${topics.events}`,
    });
    const [authentication] = ofKind<Manifest & { spec: { secretTargetRef: { name: string; key: string }[] } }>(
      'TriggerAuthentication',
    );
    expect(authentication?.metadata.name).toBe(trigger?.authenticationRef.name);
    for (const { name, key } of authentication?.spec.secretTargetRef ?? []) {
      const secret = secrets.find(({ metadata }) => metadata.name === name);
      expect(Object.keys(secret?.stringData ?? {})).toContain(key);
    }
  });

  it('network policies name services that exist, and the ports of the settings', () => {
    interface Policy {
      spec: {
        podSelector: { matchExpressions?: { key: string; values: string[] }[] };
        egress?: { ports: { port: number }[] }[];
      };
    }
    const policies = new Map(
      ofKind<Manifest & Policy>('NetworkPolicy').map((policy) => [policy.metadata.name, policy.spec]),
    );
    for (const { podSelector } of policies.values())
      for (const { values } of podSelector.matchExpressions ?? []) for (const name of values) deploymentOf(name);
    const { log, clickhouse } = loadedOf('processor').config;
    const ports = (name: string) => policies.get(name)?.egress?.flatMap((each) => each.ports.map(({ port }) => port));
    expect(ports('to-kafka')).toEqual(log.kafka.brokers.map((broker) => Number(broker.split(':')[1])));
    expect(ports('to-clickhouse')).toEqual([Number(new URL(clickhouse.url).port)]);
    const mayReach = (name: string) =>
      policies.get(name)?.podSelector.matchExpressions?.flatMap(({ values }) => values);
    const reads = (variable: string) => ours.filter((name) => variable in environmentOf(name)).sort();
    expect(mayReach('to-kafka')?.sort()).toEqual(reads('MICHINORI_LOG_KAFKA_SASL_USERNAME'));
    expect(mayReach('to-clickhouse')?.sort()).toEqual(reads('MICHINORI_CLICKHOUSE_USERNAME'));
    expect(policies.get('nothing')?.podSelector).toEqual({});
  });

  it('ingress and probes lead to services that exist', () => {
    const text = JSON.stringify([...ofKind('Ingress'), ...ofKind('Probe')]);
    const backends = [...text.matchAll(/"service":\{"name":"([a-z-]+)"/g)].map(([, name]) => name);
    expect(backends).toEqual(['ingest', 'query-api']);
    const probed = [...text.matchAll(/http:\/\/([a-z-]+)\.michinori\.svc:(\d+)\/readyz/g)];
    expect(probed.map(([, name]) => name).sort()).toEqual([...ours].sort());
    for (const [, name = '', port] of probed) expect(containerOf(name).ports[0]?.containerPort).toBe(Number(port));
  });

  it('the operator gets the rules of infra/prometheus, as they are now', () => {
    const written = execFileSync(process.execPath, [join(infra, 'kubernetes/rules.mjs')], { encoding: 'utf8' });
    expect(readText('kubernetes/components/monitoring/rules.yaml')).toBe(written);
    const [rule] = ofKind<Manifest & { spec: { groups: unknown[] } }>('PrometheusRule');
    const groups = filesEnding('prometheus/rules', '.yml').flatMap(
      (file) => (readYaml(file)[0] as { groups: unknown[] }).groups,
    );
    expect(rule?.spec.groups).toEqual(groups);
  });
});
