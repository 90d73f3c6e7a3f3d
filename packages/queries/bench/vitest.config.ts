import { defineConfig } from 'vitest/config';
import shared from '../../../vitest.config.ts';

export default defineConfig({ ...shared, test: { include: ['packages/queries/bench/*.bench.ts'], pool: 'forks' } });
