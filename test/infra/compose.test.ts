import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { infra, readText, readYaml } from './files.ts';
import { services as known, unknownVariables } from './services.ts';

interface Service {
  image: string;
  build?: { args?: Record<string, string>; context: string; dockerfile: string };
  environment?: Record<string, string>;
  volumes?: string[];
  networks?: string[];
  network_mode?: string;
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  deploy?: { resources: { limits: { cpus: string; memory: string } } };
  restart?: string;
  logging?: { options: Record<string, string> };
  profiles?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  entrypoint?: string[];
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
}

/** `${NAME:-default}` → default, as Compose does it without a `.env`. */
function interpolate(text: string): string {
  return text.replace(/\$\{[A-Z_]+(?::-([^}]*))?\}/g, (_match, fallback: string | undefined) => fallback ?? '');
}

const [document] = readYaml('compose.yaml');
const compose = JSON.parse(interpolate(JSON.stringify(document))) as Compose;
const all = Object.entries(compose.services);
const running = all.filter(([, { restart, profiles }]) => restart !== 'no' && profiles === undefined);
const ours = Object.keys(known).filter((name) => name !== 'standalone');
const volumesOf = ({ volumes = [] }: Service) =>
  volumes.map((text) => {
    const [source = '', target = '', mode = 'rw'] = text.split(':');
    return { source, target, mode };
  });
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1] ?? Number(/^(\d+)m$/.exec(text)?.[1]) * 60);

describe('compose.yaml', () => {
  it('follows the Compose Specification', () => {
    const schema = JSON.parse(readFileSync(new URL('compose-spec.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { x: { imagee: 'y' } } })).toBe(false);
  });

  it('has the four services and what they need', () => {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining([...ours, 'kafka', 'clickhouse', 'grafana']));
    for (const name of ours) expect(compose.services[name]?.build?.args).toEqual({ SERVICE: name });
  });

  it.each(all)('%s: an exact version, never a moving tag', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$/);
  });

  it.each(running)('%s: a real health check, limits, a restart, bounded logs', (_name, service) => {
    expect(service.healthcheck?.test?.[0]).toMatch(/^CMD/);
    expect(service.healthcheck?.test?.join(' ')).not.toMatch(/exit 0|true$/);
    expect(Number(service.deploy?.resources.limits.cpus)).toBeGreaterThan(0);
    expect(service.deploy?.resources.limits.memory).toMatch(/^\d+[mg]$/);
    expect(service.restart).toBe('unless-stopped');
    expect(Object.keys(service.logging?.options ?? {}).sort()).toEqual(['max-file', 'max-size']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
  });

  it.each(ours)('%s: cannot write, has no rights, and its end fits into the grace period', (name) => {
    const service = compose.services[name];
    expect(service?.read_only).toBe(true);
    expect(service?.cap_drop).toEqual(['ALL']);
    expect(service?.healthcheck?.test).toEqual(['CMD', 'node', '/app/alive.mjs', '/readyz']);
    expect(seconds(service?.stop_grace_period ?? '')).toBeGreaterThan(30);
  });

  it('every dependency exists, waits for something that can come true, and none goes round', () => {
    const visit = (name: string, path: string[]): void => {
      expect(path, `${[...path, name].join(' → ')}`).not.toContain(name);
      for (const [other, { condition }] of Object.entries(compose.services[name]?.depends_on ?? {})) {
        const target = compose.services[other];
        expect(target, `${name} waits for ${other}`).toBeDefined();
        expect(target?.profiles, `${name} waits for ${other}, which is not started`).toBeUndefined();
        const isOneShot = target?.restart === 'no';
        expect(condition).toBe(isOneShot ? 'service_completed_successfully' : 'service_healthy');
        visit(other, [...path, name]);
      }
    };
    for (const [name] of all) visit(name, []);
  });

  it.each(all)('%s: every file that is mounted exists, every volume and network is declared', (_name, service) => {
    for (const { source } of volumesOf(service)) {
      if (source.startsWith('.')) expect(existsSync(join(infra, source)), source).toBe(true);
      else if (!source.startsWith('/')) expect(Object.keys(compose.volumes)).toContain(source);
    }
    for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
    expect((service.networks ?? []).length + (service.network_mode === undefined ? 0 : 1)).toBeGreaterThan(0);
  });

  it('every volume and network is used', () => {
    const used = new Set(all.flatMap(([, service]) => volumesOf(service).map(({ source }) => source)));
    expect(Object.keys(compose.volumes).filter((name) => !used.has(name))).toEqual([]);
  });

  it('builds from a Dockerfile that exists', () => {
    for (const [, { build }] of all) {
      if (build === undefined) continue;
      expect(resolve(infra, build.context)).toBe(resolve(infra, '..'));
      expect(statSync(join(infra, build.context, build.dockerfile)).isFile()).toBe(true);
    }
  });
});

describe('what can be reached', () => {
  it('only ingest, query API and Grafana from other machines; Prometheus and Alertmanager from this one', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published.sort()).toEqual([
      'alertmanager 127.0.0.1:9093:9093',
      'grafana 3000:3000',
      'ingest 8081:8081',
      'prometheus 127.0.0.1:9090:9090',
      'query-api 8082:8082',
    ]);
  });

  it('Kafka and ClickHouse stand in a network that leads nowhere', () => {
    expect(compose.networks.back?.internal).toBe(true);
    for (const name of ['kafka', 'clickhouse']) expect(compose.services[name]?.networks).toEqual(['back']);
  });
});

describe('settings', () => {
  const withSettings = all.flatMap(([name, service]) => {
    const of = service.build?.args?.SERVICE;
    return of === undefined || service.entrypoint !== undefined ? [] : [{ name, of, service }];
  });

  it.each(withSettings)('$name: every variable is a setting of its own', ({ of, service }) => {
    expect(unknownVariables(of, service.environment ?? {})).toEqual([]);
    expect(unknownVariables(of, { MICHINORI_LOG_KAFKA_BROKER: 'x' })).toEqual(['MICHINORI_LOG_KAFKA_BROKER']);
  });

  it.each(withSettings)('$name: the values are valid, the files are mounted, the port is the published one', (each) => {
    const { name, of, service } = each;
    const read: string[] = [];
    const settings = known[of];
    const loaded = settings?.load({
      env: service.environment ?? {},
      readFile(path) {
        read.push(path);
        return 'secret';
      },
    });
    const targets = volumesOf(service).map(({ target }) => target);
    const keysFile = service.environment?.MICHINORI_KEYS_FILE;
    for (const path of [...read, ...(keysFile === undefined ? [] : [keysFile])]) {
      expect(
        targets.some((target) => path.startsWith(`${target}/`)),
        `${name}: ${path}`,
      ).toBe(true);
    }
    const port = settings?.port(loaded?.config);
    for (const published of service.ports ?? []) expect(published.split(':').at(-1)).toBe(String(port));
    if (of !== 'standalone') {
      const variable = `MICHINORI_${of.toUpperCase().replace('-', '_')}_HOST`;
      expect(service.environment?.[variable]).toBe('0.0.0.0');
    }
  });

  it('no password stands in the file, and only those who need a secret get it', () => {
    const given = all.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const passwords = given.filter(([name, value]) => /PASSWORD|SECRET|TOKEN/.test(name) && value !== '');
    expect(passwords.length).toBeGreaterThan(4);
    expect(passwords.filter(([name]) => !name.endsWith('_FILE'))).toEqual([]);
    const holders = (volume: string) =>
      all.filter(([, service]) => volumesOf(service).some(({ source }) => source === volume)).map(([name]) => name);
    expect(holders('writer-secrets')).toEqual(['prepare', 'clickhouse', 'processor', 'michinori']);
    expect(holders('reader-secrets')).toEqual(['prepare', 'clickhouse', 'query-api']);
    expect(holders('alerter-secrets')).toEqual(['prepare', 'clickhouse', 'alerter']);
    const writers = all.filter(([, service]) =>
      volumesOf(service).some(
        ({ source, mode }) => (source === 'keys' || source.endsWith('-secrets')) && mode !== 'ro',
      ),
    );
    expect(writers.map(([name]) => name)).toEqual(['prepare', 'michinori']);
  });

  it('ClickHouse gets every password that its users have, from the files that prepare makes', () => {
    const wanted = [...readText('clickhouse/users.d/michinori.xml').matchAll(/from_env="([A-Z_]+)"/g)].map(
      ([, name]) => name,
    );
    const start = readText('compose/start-clickhouse.sh');
    const given = [...start.matchAll(/^([A-Z_]+)=\$\(<(\S+)\)$/gm)];
    expect(given.map(([, name]) => name)).toEqual(wanted);
    expect(/^export (.*)$/m.exec(start)?.[1]?.split(' ')).toEqual(wanted);
    const targets = volumesOf(compose.services.clickhouse ?? { image: '' }).map(({ target }) => target);
    for (const [, , path = ''] of given)
      expect(
        targets.some((target) => path.startsWith(`${target}/`)),
        path,
      ).toBe(true);
    const users = readText('clickhouse/users.d/michinori.xml');
    for (const [, { environment = {} }] of all) {
      const name = environment.MICHINORI_CLICKHOUSE_USERNAME;
      if (name !== undefined) expect(users).toContain(`<${name}>`);
    }
  });

  it('.env.example names what the file reads, with its defaults', () => {
    const read = new Map(
      [...readText('compose.yaml').matchAll(/\$\{([A-Z_]+)(?::-([^}]*))?\}/g)].map(([, name, value = '']) => [
        name,
        value,
      ]),
    );
    const example = readText('.env.example')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => line.split('=', 2));
    expect(new Map(example.map(([name, value]) => [name, value]))).toEqual(read);
  });

  it('Kafka gets the identity of a cluster in the form that it wants', () => {
    const id = compose.services.kafka?.environment?.CLUSTER_ID ?? '';
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(Buffer.from(id, 'base64url')).toHaveLength(16);
  });
});
