import { defineConfig } from 'vitest/config';
import shared from '../../../vitest.config.ts';

export default defineConfig({ ...shared, test: { include: ['packages/event-log/bench/*.bench.ts'], pool: 'forks' } });
