import { exitCodes } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { drawTable } from '../terminal/table.ts';
import { jsonBody, withApi } from './api.ts';
import { type Io, printJson } from './io.ts';
import type { ApiFlags } from './journey-command.ts';

export interface ImprovementFlags extends ApiFlags {
  id?: string;
  journey: string;
  stage?: string;
  title: string;
  at: string;
  segment?: string;
  owner?: string;
  hypothesis?: string;
  due?: string;
}

interface ImprovementRow {
  id: string;
  journey: string;
  stage: string | null;
  title: string;
  at: string;
  segment: string | null;
  segmentValues: string | null;
  owner: string;
}

/** `michinori improvement add`: what was changed, where and since when. The same id again replaces it. */
export async function addImprovement(io: Io, config: StandaloneConfig, flags: ImprovementFlags): Promise<number> {
  const { url, key, json, ...body } = flags;
  await withApi(io, config, { ...(url && { url }), ...(key && { key }), mustExist: true }, async (api) => {
    const { rows } = await api.post<{ rows: { id: string; state: string }[] }>('/v1/improvements', jsonBody(body));
    const [row] = rows;
    if (json) printJson(io, row);
    else io.out(`The improvement ${row?.id} is recorded${row?.state === 'unchanged' ? ' as it was' : ''}.\n`);
  });
  return exitCodes.ok;
}

/** `michinori improvement list` */
export async function listImprovements(
  io: Io,
  config: StandaloneConfig,
  flags: ApiFlags & { journey?: string },
): Promise<number> {
  await withApi(io, config, { ...flags, mustExist: true }, async (api) => {
    const filter = flags.journey === undefined ? '' : `?journey=${encodeURIComponent(flags.journey)}`;
    const { rows } = await api.get<{ rows: ImprovementRow[] }>(`/v1/improvements${filter}`);
    if (flags.json) printJson(io, rows);
    else if (rows.length === 0) io.out('There are no improvements yet. Record one: michinori improvement add\n');
    else io.out(`${drawTable(['id', 'at', 'journey', 'stage', 'segment', 'title', 'owner'], rows.map(tableRow))}\n`);
  });
  return exitCodes.ok;
}

function tableRow({ id, at, journey, stage, segment, segmentValues, title, owner }: ImprovementRow): string[] {
  const values: string[] = segmentValues === null ? [] : JSON.parse(segmentValues);
  const whom = segment === null ? 'everybody' : `${segment}: ${values.map((value) => value || '(none)').join(', ')}`;
  return [id, `${at.slice(0, 16)}Z`, journey, stage ?? '(all)', whom, title, owner];
}
