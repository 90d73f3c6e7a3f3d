import type { Server } from './server.ts';

type Insert = ReturnType<Server['standalone']['stores']>['clickhouse'];

const horizonSeconds = 30 * 86_400;

/** One night's track record of the journey of the demo, as the alerter would have written it; `asOfUs`: the night. */
export async function writeHealthRecord(clickhouse: Insert, asOfUs: number): Promise<void> {
  const scoresAsOfUs = asOfUs - horizonSeconds * 1e6;
  const whole = {
    ...{
      stage: null,
      horizonSeconds,
      scoresAsOfUs,
      state: 'ok',
      n: 200,
      lost: 40,
      auc: 0.75,
      aucLo: 0.66,
      aucHi: 0.82,
    },
    ...{ brier: 0.13, brierBase: 0.16, skill: 0.19, skillLo: 0.05, skillHi: 0.33 },
    ...{ losses: 44, neverFlagged: 11, neverFlaggedShare: 0.25, neverFlaggedLo: 0.14, neverFlaggedHi: 0.39 },
    ...{ leadSecondsP25: 86_400, leadSecondsP50: 864_000, leadSecondsP50Lo: 432_000, leadSecondsP50Hi: null },
    leadSecondsP75: 1_296_000.5,
  };
  const band = { stage: null, from: 20, to: 40, n: 50, lost: 22, rate: 0.44, lo: 0.31, hi: 0.58 };
  const suggestion = {
    ...{ rule: 'quiet', stage: null, points: -18, suggested: -12, lo: -17, hi: -7, held: 60, heldLost: 24 },
    ...{ state: 'clear', sameAs: null, units: 200, losses: 40 },
  };
  const texts = [whole, band, suggestion].map((row) => JSON.stringify([row]));
  await clickhouse.insert({
    table: 'health_track_records',
    columns: ['journey', 'as_of', 'evaluated_at', 'version', 'stages', 'bands', 'suggestions'],
    rows: [['customer-success', asOfUs, asOfUs, 1, ...texts]],
  });
}
