// Writes schema.sql from the migrations. Run after `tsc -b packages/clickhouse`.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEmbedded, migrate, schemaText } from '../dist/index.js';

const path = await mkdtemp(join(tmpdir(), 'michinori-schema-'));
const clickhouse = await connectEmbedded({ path });
try {
  await migrate(clickhouse);
  await writeFile(new URL('../schema.sql', import.meta.url), await schemaText(clickhouse));
} finally {
  await clickhouse.close();
  await rm(path, { recursive: true, force: true });
}
