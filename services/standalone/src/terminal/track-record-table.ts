import { formatDuration } from './duration.ts';
import { drawTable } from './table.ts';

/** A row of `GET /v1/journeys/{journey}/health/track-record`, as far as the terminal shows it. */
export interface TrackRecordRow {
  readonly asOf: string;
  readonly stage: string | null;
  readonly title: string;
  readonly horizonSeconds: number;
  readonly state: string;
  readonly n: number;
  readonly lost: number;
  readonly auc: number | null;
  readonly aucLo: number;
  readonly aucHi: number;
  readonly brier: number | null;
  readonly brierBase: number | null;
  readonly losses: number;
  readonly neverFlagged: number;
  readonly leadSecondsP50: number | null;
}

const columns = ['', 'after', 'scored', 'lost', 'AUC', '95 %', 'Brier', 'never flagged', 'median warning'];

/** Whether scores were any good, stage by stage, with what the columns mean below. */
export function drawTrackRecord(rows: readonly TrackRecordRow[]): string {
  const cells = rows.map((row) => [
    row.stage === null ? row.title : `  ${row.title}`,
    formatDuration(row.horizonSeconds),
    row.n,
    row.lost,
    ...(row.state === 'ok'
      ? [figure(row.auc), `${figure(row.aucLo)}–${figure(row.aucHi)}`]
      : ['–', wordsOf(row.state)]),
    row.brier === null ? '–' : `${figure(row.brier)} (${figure(row.brierBase)})`,
    row.losses === 0 ? '–' : `${row.neverFlagged} of ${row.losses}`,
    row.leadSecondsP50 === null ? '–' : formatDuration(row.leadSecondsP50),
  ]);
  const [first] = rows;
  const night = first === undefined ? '' : `As of ${first.asOf.slice(0, 16)}Z: `;
  return `${drawTable(columns, cells)}\n\n${night}scores of so long ago against what happened since. AUC: chance that of one lost and one who stayed\nthe lost one had the lower score; 0.50 is chance. Brier: mean squared error of the scores as probabilities, as an earlier\nevaluation taught (of who always says the share that was lost).\n`;
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}

function wordsOf(state: string): string {
  return state === 'no_scores' ? 'no scores then' : 'too few';
}
