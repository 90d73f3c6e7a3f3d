import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, linesMatching, root, type SourceFile } from './architecture/source-tree.ts';

/** What each package may import of ours. Services may import packages; only standalone composes services. */
const allowed: Record<string, readonly string[]> = {
  events: [],
  journey: [],
  health: ['journey'],
  statistics: [],
  alerts: ['journey', 'statistics'],
  runtime: [],
  'event-log': ['runtime'],
  clickhouse: ['runtime'],
  queries: ['clickhouse', 'journey', 'events', 'statistics', 'health'],
  client: [],
  'ingest-client': [],
  board: ['client'],
  dashboards: [],
};

/** Packages whose `src/app` is bundled by Vite: what it imports is needed to build, not to run. */
const bundled = ['packages/board'];

const onlyImporters: Record<string, RegExp> = {
  kafkajs: /^packages\/(event-log|testing)\//,
  lmdb: /^packages\/event-log\//,
  chdb: /^packages\/(clickhouse|testing)\//,
  '@clickhouse/client': /^packages\/(clickhouse|testing)\//,
  echarts: /^packages\/board\/src\/app\/charts\//,
};

const workspaces = [
  ...['packages', 'services'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => ({ kind, name, path: `${kind}/${name}` })),
  ),
  { kind: 'packages', name: 'dashboards', path: 'dashboards' },
];
const product: SourceFile[] = workspaces.flatMap(({ path }) => filesBelow(`${path}/src`, ['.ts', '.tsx']));
const shipped = product.filter(({ path }) => !path.startsWith('packages/testing/'));
const tests = [
  ...workspaces.flatMap(({ path }) => filesBelow(`${path}/test`, ['.ts'])),
  ...filesBelow('test', ['.ts']),
];
const everything = ['packages', 'services', 'dashboards', 'infra', 'test', '.ci'].flatMap((folder) =>
  filesBelow(folder, ['.ts', '.tsx', '.mjs', '.json', '.md', '.yaml', '.yml', '.sql', '.sh', 'run']),
);

const ofOurs = (specifier: string): string | undefined => /^@michinori\/([^/]+)/.exec(specifier)?.[1];

describe('import directions', () => {
  it('finds the source tree', () => {
    expect(product.length).toBeGreaterThan(50);
    expect(tests.length).toBeGreaterThan(20);
  });

  it.each(workspaces.filter(({ kind }) => kind === 'packages'))(
    '$path imports only what it may',
    ({ name, path: folder }) => {
      if (name === 'testing') return;
      const may = allowed[name];
      expect(may, `${folder} isn't listed in the DAG of this test`).toBeDefined();
      const wrong = product
        .filter(({ path }) => path.startsWith(`${folder}/src/`))
        .flatMap((file) => importsOf(file).map((specifier) => ({ file: file.path, ours: ofOurs(specifier) })))
        .filter(({ ours }) => ours !== undefined && !may?.includes(ours));
      expect(wrong).toEqual([]);
    },
  );

  it('services import packages, and never another service, except standalone', () => {
    const services = new Set(workspaces.filter(({ kind }) => kind === 'services').map(({ name }) => name));
    const wrong = product
      .filter(({ path }) => path.startsWith('services/') && !path.startsWith('services/standalone/'))
      .flatMap((file) => importsOf(file).map((specifier) => `${file.path} → ${ofOurs(specifier) ?? ''}`))
      .filter((edge) => services.has(edge.split(' → ')[1] ?? '') || edge.endsWith('→ testing'));
    expect(wrong).toEqual([]);
  });

  it('nothing that is shipped imports the testing package', () => {
    const wrong = shipped.filter((file) => importsOf(file).some((specifier) => ofOurs(specifier) === 'testing'));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it.each(Object.entries(onlyImporters))('%s is imported in one place only', (library, place) => {
    const wrong = product.filter(
      (file) =>
        importsOf(file).some((specifier) => specifier === library || specifier.startsWith(`${library}/`)) &&
        !place.test(file.path),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it.each(workspaces)('$path declares what it imports', ({ path }) => {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    const forBuild = bundled.includes(path) ? manifest.devDependencies : {};
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...forBuild }));
    const wrong = product
      .filter((file) => file.path.startsWith(`${path}/src/`))
      .flatMap(importsOf)
      .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .map((specifier) =>
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !declared.has(name));
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('what runs in Node imports nothing of a bundle', () => {
    const inNode = product.filter(({ path }) => !bundled.some((folder) => path.startsWith(`${folder}/src/app/`)));
    const wrong = inNode.filter(
      (file) =>
        bundled.some((folder) => file.path.startsWith(folder)) &&
        importsOf(file).some((one) => !/^(node:|\.\/)/.test(one)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('no relative import leaves its package', () => {
    const wrong = product.flatMap((file) => {
      const folder = workspaces.find(({ path }) => file.path.startsWith(`${path}/`))?.path ?? '';
      const depth = file.path.split('/').length - folder.split('/').length - 1;
      return importsOf(file)
        .filter((specifier) => (specifier.match(/\.\.\//g)?.length ?? 0) >= depth && specifier.startsWith('../'))
        .map((specifier) => `${file.path} → ${specifier}`);
    });
    expect(wrong).toEqual([]);
  });

  it('no package is a junk drawer by name', () => {
    expect(workspaces.filter(({ name }) => /^(common|shared|utils?|types|helpers|misc|core|lib)$/.test(name))).toEqual(
      [],
    );
  });
});

describe('banned tokens', () => {
  const notMain = shipped.filter(({ path }) => !/(^|\/)main\.ts$/.test(path));

  it('the environment is read in main.ts only', () => {
    expect(linesMatching(notMain, /\bprocess\.env\b/)).toEqual([]);
  });

  it('a process ends and listens for signals in main.ts only', () => {
    expect(linesMatching(notMain, /\bprocess\.(exit|on|once)\(/)).toEqual([]);
  });

  it('no value is put between quotes of an SQL text', () => {
    const sql = shipped.filter(({ path }) => /^packages\/(queries|clickhouse)\//.test(path));
    const quoted = /\b(SELECT|WHERE|INSERT|VALUES|FROM|AND|IN)\b[^`]*'\$\{/;
    expect(linesMatching(sql, quoted)).toEqual([]);
  });

  it('SQL is written in packages/queries and packages/clickhouse only', () => {
    const elsewhere = shipped.filter(({ path }) => !/^packages\/(queries|clickhouse)\//.test(path));
    expect(
      linesMatching(elsewhere, /[`'"]\s*(SELECT\s.+\sFROM\s|INSERT INTO\s|ALTER TABLE\s|DROP TABLE\s|CREATE TABLE\s)/),
    ).toEqual([]);
  });

  it('pure packages know no clock, no chance and no input or output', () => {
    const pure = shipped.filter(({ path }) => /^packages\/(alerts|events|health|journey|statistics)\//.test(path));
    expect(
      linesMatching(
        pure,
        /\b(Date\.now|Math\.random|setTimeout|setInterval|fetch)\(|from 'node:(fs|net|http|child_process)/,
      ),
    ).toEqual([]);
  });

  it('importing a package opens nothing', () => {
    const built = workspaces.filter(({ path }) => existsSync(join(root, path, 'dist/index.js')));
    expect(built.length).toBeGreaterThan(5);
    for (const { path } of built) {
      const script = `
        process.stdout.write(''); process.stderr.write('');
        const before = process.getActiveResourcesInfo().length;
        await import(${JSON.stringify(join(root, path, 'dist/index.js'))});
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
        const opened = process.getActiveResourcesInfo().slice(before);
        console.log(JSON.stringify(opened)); process.exit(0);`;
      const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        cwd: join(root, path),
      });
      expect(JSON.parse(output), `what importing ${path} leaves open`).toEqual([]);
    }
  }, 120_000);
});

describe('ratchets at zero', () => {
  const all = [...product, ...tests];
  const own = /^test\/architecture/;
  const zero: Record<string, RegExp> = {
    'as any': /\bas any\b(?=[;,.)\]}]|$)|: any\b|<any>/,
    'silenced types': /@ts-(ignore|expect-error|nocheck)/,
    'silenced lint': /biome-ignore|eslint-disable/,
    'only and todo': /\b(describe|it|test)\.(only|todo)\(/,
    'unfinished work': /\b(TODO|FIXME|HACK)\b/,
  };
  it.each(Object.entries(zero))('%s', (_name, pattern) => {
    expect(
      linesMatching(
        all.filter(({ path }) => !own.test(path)),
        pattern,
      ),
    ).toEqual([]);
  });

  it('no test sleeps: it waits for a condition', () => {
    expect(
      linesMatching(
        tests.filter(({ path }) => !own.test(path) && !path.startsWith('test/load/')),
        /await (sleep|delay)\(|setTimeout\(\s*(resolve|r|done)\s*,/,
      ),
    ).toEqual([]);
  });

  it('no source file grew beyond 300 lines', () => {
    expect(
      product.filter(({ lines }) => lines.length > 300).map(({ path, lines }) => `${path}: ${lines.length}`),
    ).toEqual([]);
  });

  it('nothing names a path of a machine or a registry', () => {
    const leaks =
      /(\/home\/[a-z]|\/Users\/[A-Za-z]|\/root\/|\/work\/|registry\.npmjs|npmjs\.org|pypi\.org|repo1?\.maven)/;
    expect(
      linesMatching(
        everything.filter(({ path }) => !own.test(path)),
        leaks,
      ),
    ).toEqual([]);
  });
});
