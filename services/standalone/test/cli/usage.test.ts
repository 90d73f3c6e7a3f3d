import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from './fake-io.ts';

describe('usage', () => {
  it('shows help and succeeds without arguments and with --help', async () => {
    for (const argv of [[], ['--help']]) {
      const { exitCode, out } = await run(argv);
      expect(exitCode).toBe(0);
      for (const command of [
        'dev',
        'import',
        'funnel',
        'journey',
        'improvement',
        'health',
        'rebuild',
        'demo',
        'doctor',
        'migrate',
        'keys',
      ])
        expect(out).toContain(`  ${command}`);
    }
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['dve'], "unknown command 'dve'", 'dev'],
    [['dev', '--prot', '1'], "unknown option '--prot'", '--port'],
    [['funnel', 'a', '--widow', '1d'], "unknown option '--widow'", '--window'],
    [['demo', '--customers', 'many'], "'many' is invalid", 'whole number from 1 to 100000'],
    [['demo', '--customers', '0'], "'0' is invalid", 'whole number'],
    [['funnel'], 'Name the steps', 'trial.started'],
    [['funnel', 'a', '--window', '3 fortnights'], '"3 fortnights" is no duration', '14d'],
    [['funnel', 'a', '--filter', 'plan=pro'], '"plan=pro" is no filter', 'trait:plan=pro'],
    [['funnel', 'a', '--request', 'x.json'], 'not both', '--request'],
    [['funnel', '--request', 'none.json'], 'none.json', 'there is no such file'],
    [['funnel', 'a', '--url', 'localhost'], '--url is an address like', 'localhost'],
    [['keys', 'create', '--scope', 'all'], 'ingest, query, admin', 'not "all"'],
    [['journey', 'validate'], "missing required argument 'file'", ''],
    [['journey', 'aply', 'x'], "unknown command 'aply'", 'apply'],
    [['improvement', 'add', '--journey', 'a', '--title', 'b'], "required option '--at <time>'", ''],
    [['rebuild', '--url', 'localhost'], '--url is an address like', 'localhost'],
    [['keys', 'create'], 'ingest, query, admin', ''],
  ])('%j is a mistake of usage: exit code 2, what to do on standard error', async (argv, words, hint) => {
    const { exitCode, out, err } = await run(['--data', temporaryFolder(), ...argv]);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(words);
    expect(err).toContain(hint);
    expect(err).not.toContain('    at ');
  });
});

describe('configuration', () => {
  it('is a mistake of its own kind: exit code 78, with the place and the nearest name', async () => {
    const file = join(temporaryFolder(), 'michinori.yaml');
    writeFileSync(file, 'prot: 1\n');
    const { exitCode, err } = await run(['doctor', '--config', file]);
    expect(exitCode).toBe(78);
    expect(err).toContain(`${file}:1:1`);
    expect(err).toContain('"port"');
    expect((await run(['doctor', '--config', 'none.yaml'])).exitCode).toBe(78);
    expect((await run(['doctor', '--port', 'many'])).exitCode).toBe(78);
    expect((await run(['doctor'], { env: { MICHINORI_PRT: '1' } })).err).toContain('MICHINORI_PORT');
  });

  it('is printed with its sources and without doing anything', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'here');
    const { exitCode, out } = await run(['dev', '--data', data, '--print-config', '--port', '9'], {
      env: { MICHINORI_LOG_LEVEL: 'error', MICHINORI_KEYS_FILE: 'https://user:secret@example.org/keys' },
    });
    expect(exitCode).toBe(0);
    expect(out).toContain('# port: flag --port');
    expect(out).toContain('# logLevel: environment MICHINORI_LOG_LEVEL');
    expect(out).toMatch(/^port: 9$/m);
    expect(out).not.toContain('secret');
  });
});

describe('keys', () => {
  it('are made, listed without their secret, and revoked', async () => {
    const at = ['--data', temporaryFolder()];
    expect((await run(['keys', 'list', ...at])).out).toContain('There are no keys');
    const made = await run([
      'keys',
      'create',
      ...at,
      '--scope',
      'ingest,query',
      '--scope',
      'admin',
      '--name',
      '計測 キー',
    ]);
    expect(made).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^mk_[0-9a-z]{8}_\w{40}\n$/) });
    expect(made.err).toContain('"計測 キー" may ingest, query, admin');
    const json = JSON.parse((await run(['keys', 'create', ...at, '--scope', 'query', '--json'])).out);
    expect(json).toMatchObject({ key: expect.any(String), name: 'unnamed', scopes: ['query'], revokedAt: null });
    const table = (await run(['keys', 'list', ...at])).out;
    const [heading = '', ...lines] = table.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(table).not.toContain(made.out.trim());
    expect(lines[1]?.indexOf('query')).toBe(heading.indexOf('scopes'));
    expect(await run(['keys', 'revoke', json.prefix, ...at])).toMatchObject({ exitCode: 0 });
    expect(await run(['keys', 'revoke', json.prefix, ...at])).toMatchObject({ exitCode: 1 });
    const listed = JSON.parse((await run(['keys', 'list', ...at, '--json'])).out);
    expect(listed.map((key: { revokedAt: string | null }) => key.revokedAt !== null)).toEqual([false, true]);
    expect(JSON.stringify(listed)).not.toContain('hash');
  });
});
