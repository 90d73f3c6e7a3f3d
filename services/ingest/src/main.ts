import { runService } from '@michinori/runtime';
import { ingestService } from './service.ts';

process.exitCode = await runService(ingestService, { argv: process.argv.slice(2), env: process.env, process });
