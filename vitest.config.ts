import { defineConfig } from 'vitest/config';

const conditions = ['michinori:source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'services/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // chDB allows one data folder in one process, so every test file gets a process of its own.
    pool: 'forks',
    isolate: true,
    // Many tests wait for processes of their own; two files at a time fill two cores.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes when a busy machine comes round to it.
    expect: { poll: { timeout: 30_000 } },
  },
});
