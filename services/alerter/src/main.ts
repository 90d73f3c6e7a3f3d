import { runService } from '@michinori/runtime';
import { alerterService } from './service.ts';

process.exitCode = await runService(alerterService, { argv: process.argv.slice(2), env: process.env, process });
