import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadChannels, parseChannels } from '@michinori/alerter';
import { alertKinds, parseAlertRules } from '@michinori/alerts';
import { parseJourneys } from '@michinori/journey';
import { describe, expect, it } from 'vitest';
import { filesEnding, infra, readText, readYaml } from './files.ts';
import { type Deployment, kustomizationOf, manifestsOf } from './manifests.ts';

const journeys = filesEnding('journeys', '.yaml').flatMap((name) => {
  const parsed = parseJourneys(readText(name), { file: name });
  return parsed.outcome === 'ok' ? parsed.journeys.map(({ journey }) => journey) : [];
});

function rulesOf(folder: string) {
  const parsed = parseAlertRules(readText(join(folder, 'rules.yaml')), { file: 'rules.yaml', journeys });
  if (parsed.outcome === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.rules.map(({ rule }) => rule);
}

const channelsOf = (folder: string) =>
  parseChannels({ name: 'channels.yaml', text: readText(join(folder, 'channels.yaml')) });

describe.each(['alerts', 'kubernetes/base/alerts'])('infra/%s', (folder) => {
  it('has a rule of every kind about journeys that exist, within two false alarms a week', () => {
    const rules = rulesOf(folder);
    expect(journeys.length).toBeGreaterThan(1);
    expect([...new Set(rules.map(({ kind }) => kind))].sort()).toEqual([...alertKinds].sort());
    expect(rules.reduce((sum, { falseAlarmsPerWeek }) => sum + falseAlarmsPerWeek, 0)).toBeLessThanOrEqual(2);
  });

  it('tells channels that are configured, need no secret, and are used', () => {
    const names = channelsOf(folder).map(({ name }) => name);
    const told = new Set(rulesOf(folder).flatMap(({ channels }) => channels));
    expect([...told].sort()).toEqual([...names].sort());
    const file = { name: 'channels.yaml', text: readText(join(folder, 'channels.yaml')) };
    const readFile = () => {
      throw new Error('a secret');
    };
    expect(loadChannels(file, { env: {}, readFile })).toHaveLength(names.length);
  });
});

it('Kubernetes has the rules of infra/alerts', () => {
  expect(readText('kubernetes/base/alerts/rules.yaml')).toBe(readText('alerts/rules.yaml'));
});

it('compose mounts what the alerter is told to read, and lets it reach Alertmanager', () => {
  const { services } = readYaml('compose.yaml')[0] as {
    services: Record<string, { environment: Record<string, string>; volumes: string[]; networks: string[] }>;
  };
  const { environment, volumes, networks } = services.alerter ?? { environment: {}, volumes: [], networks: [] };
  const mounted = volumes.find((volume) => volume.includes('ALERTS'))?.replace(/^\$\{ALERTS:-([^}]*)\}/, '$1') ?? '';
  const [source = '', target = '', mode] = mounted.split(':');
  expect(mode).toBe('ro');
  for (const name of ['RULES', 'CHANNELS']) {
    const path = environment[`MICHINORI_ALERTER_${name}`] ?? '';
    expect(path.startsWith(`${target}/`)).toBe(true);
    expect(readFileSync(join(infra, source, path.slice(target.length)), 'utf8')).not.toBe('');
  }
  expect(networks.filter((name) => services.alertmanager?.networks.includes(name))).not.toEqual([]);
});

it('Kubernetes mounts a folder that follows its ConfigMap, and names the files in it', () => {
  const [settings] = readYaml('kubernetes/base/michinori.yaml') as { alerter: { rules: string; channels: string } }[];
  const map = kustomizationOf('kubernetes/base').configMapGenerator?.find(({ name }) => name === 'michinori-alerts');
  const deployment = manifestsOf('kubernetes/base')
    .map(({ manifest }) => manifest as Deployment)
    .find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'alerter');
  const pod = deployment?.spec.template.spec;
  const volume = pod?.volumes.find(({ configMap }) => configMap?.name === map?.name);
  const mount = pod?.containers[0]?.volumeMounts.find(({ name }) => name === volume?.name);
  expect(mount).not.toHaveProperty('subPath');
  const files = map?.files.map((file) => join(mount?.mountPath ?? '', file.replace('alerts/', ''))).sort();
  expect(files).toEqual([settings?.alerter.channels, settings?.alerter.rules]);
});
