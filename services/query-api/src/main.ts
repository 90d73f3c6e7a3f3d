import { runService } from '@michinori/runtime';
import { queryApiService } from './service.ts';

process.exitCode = await runService(queryApiService, { argv: process.argv.slice(2), env: process.env, process });
