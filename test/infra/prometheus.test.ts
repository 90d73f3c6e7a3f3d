import { problems } from '@michinori/ingest';
import { describe, expect, it } from 'vitest';
import { exportedMetrics, seriesOf } from './exported-metrics.ts';
import { filesEnding, readText, readYaml, type Tree } from './files.ts';
import { parsePromQl } from './promql.ts';
import { services } from './services.ts';

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels?: { severity: string };
  annotations?: { summary: string; action: string };
}

const files = filesEnding('prometheus/rules', '.yml');
const groups = files.flatMap((file) => (readYaml(file)[0] as { groups: { name: string; rules: Rule[] }[] }).groups);
const rules = groups.flatMap((group) =>
  group.rules.map((rule) => ({ name: rule.alert ?? rule.record ?? '', ...rule })),
);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const recorded = new Set(rules.flatMap(({ record }) => (record === undefined ? [] : [record])));

/** Series of others that rules may read: their labels and names are not ours to check. */
const foreign =
  /^(up|probe_success|node_filesystem_(avail|size)_bytes|kubelet_volume_stats_(available|capacity)_bytes|ClickHouse(Async)?Metrics_[A-Za-z_]+)$/;
const targetLabels = new Set(['job', 'instance', 'service']);

const metrics = await exportedMetrics();
const series = new Map([...metrics].flatMap(([name, metric]) => seriesOf(name, metric).map((each) => [each, metric])));
const jobs = ['ingest', 'query-api', 'processor', 'alerter'];

describe('rules', () => {
  it('are found, and so are the metrics of the services', () => {
    expect(rules.length).toBeGreaterThan(30);
    expect([...metrics.keys()].filter((name) => name.startsWith('michinori_')).length).toBeGreaterThan(25);
    expect(metrics.get('michinori_log_lag_events')).toEqual({ kind: 'gauge', labels: ['topic', 'partition'] });
    expect(metrics.get('michinori_sink_batches_total')).toEqual({ kind: 'counter', labels: ['outcome'] });
    expect(metrics.get('michinori_watermark_timestamp_seconds')).toEqual({ kind: 'gauge', labels: [] });
  });

  it('have names of their own', () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  });

  it.each(rules)('$name: is PromQL', ({ expr }) => {
    expect(parsePromQl(expr).errors).toEqual([]);
    expect(parsePromQl(expr).selectors.length).toBeGreaterThan(0);
    expect(parsePromQl(`${expr} )`).errors).not.toEqual([]);
  });

  it.each(rules)('$name: reads series that somebody exports', ({ expr }) => {
    const unknown = parsePromQl(expr).selectors.filter(
      ({ metric }) => !series.has(metric) && !recorded.has(metric) && !foreign.test(metric),
    );
    expect(unknown.map(({ metric }) => metric)).toEqual([]);
  });

  it.each(rules)('$name: matches labels that these series have', ({ expr }) => {
    for (const { metric, matchers } of parsePromQl(expr).selectors) {
      const labels = series.get(metric)?.labels ?? null;
      if (labels === null) continue;
      for (const { label } of matchers)
        expect([...labels, ...targetLabels, 'le'], `${metric}{${label}}`).toContain(label);
    }
  });

  it.each(rules)('$name: counters only as rates or increases, gauges never', ({ expr }) => {
    for (const { metric } of parsePromQl(expr).selectors) {
      const kind = series.get(metric)?.kind;
      if (kind === undefined || !metric.startsWith('michinori_')) continue;
      const isRated = new RegExp(`\\b(rate|increase)\\(${metric}\\b`).test(expr);
      expect(isRated, metric).toBe(kind !== 'gauge');
    }
  });

  it('match outcomes and jobs that exist', () => {
    const outcomes = new Set<string>(['accepted', 'rejected', 'unstored', ...problems.codes]);
    const scraped = (readYaml('prometheus/prometheus.yml')[0] as Tree).scrape_configs;
    const jobNames = [...(scraped ?? [])].map(({ job_name: name }) => String(name));
    for (const { expr } of rules) {
      for (const { metric, matchers } of parsePromQl(expr).selectors) {
        for (const { label, value, operator } of matchers) {
          const values = operator.endsWith('~') ? value.split('|') : [value];
          if (label === 'job') expect(jobNames).toEqual(expect.arrayContaining(values));
          if (label === 'outcome' && metric.startsWith('michinori_ingest')) {
            for (const each of values) expect([...outcomes], metric).toContain(each);
          }
        }
      }
    }
  });

  it.each(alerts)('$name: says how bad it is, what is the matter and what to do', ({ labels, annotations }) => {
    expect(['page', 'ticket']).toContain(labels?.severity);
    expect(annotations?.summary).toMatch(/\w.*\.$/);
    expect(annotations?.action).toMatch(/\w.*[.?]$/);
  });

  it('cover what can go wrong', () => {
    const read = new Set(rules.flatMap(({ expr }) => parsePromQl(expr).selectors.map(({ metric }) => metric)));
    for (const metric of [
      'michinori_log_lag_events',
      'michinori_watermark_timestamp_seconds',
      'michinori_audit_missing_events',
      'michinori_audit_extra_rows',
      'michinori_dead_letters_total',
      'michinori_ingest_requests_total',
      'michinori_builds_total',
      'probe_success',
      'node_filesystem_avail_bytes',
    ]) {
      expect([...read]).toContain(metric);
    }
    const unused = [...recorded].filter((name) => !read.has(name));
    expect(unused.length).toBeLessThan(recorded.size / 2 + 1);
  });
});

describe('targets', () => {
  const compose = (readYaml('compose.yaml')[0] as { services: Record<string, unknown> }).services;
  const [config] = readYaml('prometheus/prometheus.yml') as Tree[];
  const text = JSON.stringify(config);

  it('are services of compose.yaml', () => {
    const hosts = [...text.matchAll(/"(?:http:\/\/)?([a-z-]+):\d+/g)].map(([, host = '']) => host);
    const names = [...text.matchAll(/"names":\["([a-z-]+)"\]/g)].map(([, host = '']) => host);
    expect(names).toEqual(['processor']);
    for (const host of [...hosts, ...names]) expect([...Object.keys(compose), 'localhost']).toContain(host);
  });

  it.each(jobs)('%s is scraped and asked for readiness at its port', (name) => {
    const port = services[name]?.port(services[name]?.load({}).config);
    const isFound =
      text.includes(`"${name}:${port}"`) || text.includes(`"names":["${name}"],"type":"A","port":${port}`);
    expect(isFound).toBe(true);
    expect(text).toContain(`"http://${name}:${port}/readyz"`);
  });

  it('the blackbox module exists', () => {
    const [blackbox] = readYaml('prometheus/blackbox.yml') as Tree[];
    expect(Object.keys(blackbox?.modules ?? {})).toEqual(['http_200']);
    expect(text).toContain('"module":["http_200"]');
  });
});

describe('Alertmanager', () => {
  const text = readText('alertmanager/alertmanager.yml');
  const [config] = readYaml('alertmanager/alertmanager.yml') as {
    route: { receiver: string; routes: { receiver: string; matchers: string[] }[] };
    receivers: { name: string }[];
  }[];

  it('routes every severity to a receiver that exists', () => {
    const receivers = config?.receivers.map(({ name }) => name);
    const routes = config?.route.routes ?? [];
    for (const { receiver } of [{ receiver: config?.route.receiver }, ...routes]) expect(receivers).toContain(receiver);
    for (const severity of ['page', 'ticket']) {
      expect(routes.flatMap(({ matchers }) => matchers)).toContain(`severity = "${severity}"`);
    }
  });

  it('names alerts that exist', () => {
    const named = new Set([...text.matchAll(/Michinori[A-Za-z]+/g)].map(([name]) => name));
    expect(named.size).toBeGreaterThan(5);
    for (const name of named) expect(alerts.map(({ alert }) => alert)).toContain(name);
  });

  it('holds no secret', () => {
    const both = text + readText('alertmanager/receivers.example.yml');
    expect(both).not.toMatch(/^\s*(api_url|routing_key|auth_password|credentials|url):/m);
  });
});

describe('Grafana', () => {
  it('asks the query API with a key out of a file, and Prometheus', () => {
    const [sources] = readYaml('grafana/provisioning/datasources/michinori.yaml') as {
      datasources: { type: string; url?: string; uid: string; jsonData: { url?: string }; secureJsonData?: object }[];
    }[];
    const byType = new Map(sources?.datasources.map((source) => [source.type, source]));
    const infinity = byType.get('yesoreyeram-infinity-datasource');
    expect(infinity?.jsonData.url).toBe('http://query-api:8082');
    expect(infinity?.secureJsonData).toEqual({ bearerToken: '$__file{/run/michinori/grafana/query-key}' });
    expect(byType.get('prometheus')?.url).toBe('http://prometheus:9090');
    expect(new Set(sources?.datasources.map(({ uid }) => uid)).size).toBe(sources?.datasources.length);
  });
});
