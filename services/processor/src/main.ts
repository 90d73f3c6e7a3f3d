import { runService } from '@michinori/runtime';
import { processorService } from './service.ts';

process.exitCode = await runService(processorService, { argv: process.argv.slice(2), env: process.env, process });
