import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, it, onTestFinished } from 'vitest';
import { filesBelow, root } from '../architecture/source-tree.ts';
import { infra, readText } from './files.ts';
import { services } from './services.ts';

const dockerfile = readText('Dockerfile');
const names = Object.keys(services);

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const assemble = (service: string, folder: string) =>
  spawnSync(process.execPath, [join(infra, 'image/assemble.mjs'), service, folder], { encoding: 'utf8' });

describe('Dockerfile', () => {
  it('has no fault that its linter knows', () => {
    expect(validate(dockerfile)).toEqual([]);
    expect(validate('FROM scratch\nRUNN x\n')).not.toEqual([]);
  });

  it('builds on exact versions, the same in all stages', () => {
    const stages = [...dockerfile.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)].map(([, from, as]) => ({ from, as }));
    const own = new Set(stages.map(({ as }) => as));
    const bases = stages.map(({ from }) => from).filter((from) => !own.has(from));
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/);
    const pnpm = /pnpm@([\d.]+)/.exec(readFileSync(join(root, 'infra/dev/install.mjs'), 'utf8'))?.[1];
    expect(dockerfile).toContain(`npm install --global pnpm@${pnpm}\n`);
  });

  it('ends as a user without rights, with an entry that gets signals and a health check', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last.indexOf('\nUSER')).toBeGreaterThan(last.lastIndexOf('\nRUN'));
    expect(last).toMatch(/^ENTRYPOINT \["node", "\/app\/main\.js"\]$/m);
    expect(last).toMatch(/^HEALTHCHECK .* CMD \["node", "\/app\/alive\.mjs"\]$/m);
    expect(dockerfile).not.toMatch(/^ADD /m);
    expect(dockerfile).not.toMatch(/https?:\/\//);
  });

  it('copies only what the build context has', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(ignored.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
    const letIn = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    for (const path of letIn) expect(existsSync(join(root, path)), path).toBe(true);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \.\/?$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect(copied.length).toBeGreaterThan(3);
    for (const path of copied.filter((each) => each !== '.')) {
      expect(
        letIn.some((each) => path === each || path.startsWith(`${each}/`)),
        path,
      ).toBe(true);
    }
    for (const kept of ['**/node_modules', '**/dist', '**/.env', '**/data']) expect(ignored).toContain(kept);
  });

  it('holds every file that a service reads outside of its package', () => {
    const readers = filesBelow('services', ['.ts']).filter(
      ({ path, text }) => path.includes('/src/') && /new URL\('(\.\.\/){3,}/.test(text),
    );
    const known = ['backtest-rule.ts', 'demo-definitions.ts'].map((name) => `services/standalone/src/cli/${name}`);
    expect(readers.map(({ path }) => path).sort()).toEqual(known);
    const folder = temporaryFolder();
    expect(assemble('standalone', folder).stderr).toBe('');
    expect(readdirSync(join(folder, 'infra/journeys'))).toContain('buying.yaml');
    expect(readdirSync(join(folder, 'infra/alerts'))).toContain('rules.yaml');
  });
});

describe('the folder of an image', () => {
  it.each(names)(
    '%s: starts from it, with nothing in it that only developers need',
    (service) => {
      const folder = temporaryFolder();
      expect(assemble(service, folder)).toMatchObject({ status: 0, stderr: '' });
      const install = /RUN (pnpm install --prod .*) \\\n/.exec(dockerfile)?.[1] ?? '';
      const [, ...args] = install.split(' ').filter((arg) => !/^--(store-dir|package-import-method)=/.test(arg));
      expect(args).toEqual([
        'install',
        '--prod',
        '--offline',
        '--frozen-lockfile',
        '--trust-lockfile',
        '--ignore-scripts',
      ]);
      const pnpm = `pnpm@${/pnpm@([\d.]+)/.exec(dockerfile)?.[1]}`;
      execFileSync('npx', ['-y', pnpm, ...args, '--reporter=silent'], { cwd: folder, stdio: 'pipe' });

      const printed = execFileSync(
        process.execPath,
        [join(folder, 'main.js'), service === 'standalone' ? '--version' : '--print-config'],
        {
          cwd: folder,
          env: { PATH: process.env.PATH },
          encoding: 'utf8',
        },
      );
      expect(printed).toMatch(service === 'standalone' ? /^\d+\.\d+\.\d+\n$/ : /^logLevel: /m);
      expect(readlinkSync(join(folder, 'main.js'))).toBe(`services/${service}/dist/main.js`);

      const installed = readdirSync(join(folder, 'node_modules/.pnpm'));
      const developers = /^(vitest|typescript|@biomejs|fast-check|testcontainers|@types\+|vite|rolldown|autocannon)/;
      expect(installed.filter((name) => developers.test(name))).toEqual([]);
      expect(installed.some((name) => name.startsWith('fastify@'))).toBe(true);
      const hasBoard = existsSync(join(folder, 'packages/board/dist/site/index.html'));
      expect(hasBoard).toBe(service === 'query-api' || service === 'standalone');
      const others = readdirSync(join(folder, 'services'));
      expect(service === 'standalone' || others.join() === service, others.join()).toBe(true);
      const ours = ['packages', 'services'].flatMap((kind) =>
        readdirSync(join(folder, kind)).map((name) => join(kind, name)),
      );
      for (const path of ours) {
        const allowed = ['bin', 'dist', 'migrations', 'node_modules', 'package.json'];
        expect(readdirSync(join(folder, path)).filter((name) => !allowed.includes(name))).toEqual([]);
        expect(
          readdirSync(join(folder, path, 'dist'), { recursive: true }).filter((name) =>
            /\.(d\.ts|map|tsbuildinfo)$/.test(String(name)),
          ),
        ).toEqual([]);
      }
    },
    120_000,
  );

  it('a service that does not exist is refused', () => {
    const { status, stderr } = assemble('no-such-service', temporaryFolder());
    expect(status).toBe(1);
    expect(stderr).toContain('no-such-service');
  });
});

describe('the health check', () => {
  const ports = JSON.parse(
    (/const ports = (\{.*\});/.exec(readText('image/alive.mjs'))?.[1] ?? '').replace(/'?([a-z-]+)'?:/g, '"$1":'),
  ) as Record<string, number>;

  it('knows the ports of the services', () => {
    const defaults = names.map((name) => [name, services[name]?.port(services[name]?.load({}).config)]);
    expect(ports).toEqual(Object.fromEntries(defaults));
  });

  it.each([
    [200, '/livez', 0],
    [503, '/readyz', 1],
  ])('a service that answers %i at %s: exit code %i', async (answer, path, exitCode) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(answer).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const folder = temporaryFolder();
    assemble('query-api', folder);
    copyFileSync(join(infra, 'image/alive.mjs'), join(folder, 'alive.mjs'));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const args = path === '/livez' ? [] : [path];
    const env = { MICHINORI_QUERY_API_PORT: port };
    const check = spawn(process.execPath, [join(folder, 'alive.mjs'), ...args], { env });
    const status = await new Promise((resolve) => check.on('exit', resolve));
    expect(status).toBe(exitCode);
    expect(asked).toEqual([path]);
  });
});
