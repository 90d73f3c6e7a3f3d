import { z } from 'zod';
import type { ClickHouse } from './clickhouse.ts';
import { connectEmbedded } from './embedded.ts';
import { connectServer } from './server.ts';

/** Settings of the connection, below `clickhouse` in the configuration of every service that has one. */
export const clickhouseSettings = z.object({
  /** Of a server; without it the engine is embedded in the data folder. */
  url: z.url().optional(),
  username: z.string().min(1).default('default'),
  password: z.string().min(1).meta({ secret: true }).optional(),
  database: z.string().min(1).default('michinori'),
  cluster: z.string().min(1).optional(),
  /** Reads that the embedded engine works on at once. */
  readers: z.int().min(1).max(16).default(2),
});

export type ClickHouseSettings = z.output<typeof clickhouseSettings>;

/** Connects to the server that the settings name, else opens the embedded engine in the folder. */
export function connectClickHouse(settings: ClickHouseSettings, folder: string): Promise<ClickHouse> {
  const { url, username, password, database, cluster, readers } = settings;
  if (url === undefined) return connectEmbedded({ path: folder, database, readers });
  return connectServer({
    url,
    username,
    database,
    ...(password === undefined ? {} : { password }),
    ...(cluster === undefined ? {} : { cluster }),
  });
}
