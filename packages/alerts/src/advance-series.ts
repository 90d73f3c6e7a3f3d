import type { Verdict } from './decide-evaluation.ts';
import type { AlertState, Episode, SeriesState, Transition } from './episode.ts';
import { episodeId } from './episode.ts';
import type { AlertRule } from './rule.ts';

const dayUs = 86_400_000_000;

/** What has become of one series, and what happened on the way. */
export interface Advanced {
  readonly next: SeriesState;
  readonly happened: readonly Pick<Transition, 'kind' | 'episode' | 'reason'>[];
}

/** Takes one verdict into the state of a series; `previous` undefined: the series is new. */
export function advanceSeries(
  rule: AlertRule,
  previous: SeriesState | undefined,
  { key, finding, figures }: Verdict,
  evaluationUs: number,
): Advanced {
  const { episode = null, alarming = 0, calm = 0, judgedUs = null } = previous ?? {};
  const isFiring = episode !== null && episode.firedUs !== null;
  const quiet = (state: AlertState, isJudged: boolean): SeriesState => ({
    ...{ key, state, episode: null, alarming: 0, calm: 0 },
    judgedUs: isJudged ? evaluationUs : judgedUs,
  });
  const ended = (kind: 'dropped' | 'resolved', reason: 'calm' | 'insufficient'): Advanced => ({
    next: quiet(reason === 'calm' ? 'ok' : reason, reason === 'calm'),
    happened: episode === null ? [] : [{ kind, episode, reason }],
  });

  if (finding === 'no-data' || finding === 'late-data' || finding === 'query-failed') {
    return { next: { key, state: finding, episode, alarming, calm, judgedUs }, happened: [] };
  }
  if (finding === 'insufficient') {
    if (!isFiring) return ended('dropped', 'insufficient');
    const isForgotten = evaluationUs - (judgedUs ?? 0) >= rule.windowDays * dayUs;
    if (isForgotten) return ended('resolved', 'insufficient');
    return { next: { key, state: finding, episode, alarming, calm, judgedUs }, happened: [] };
  }
  if (finding === 'alarming') {
    const opened = episode ?? opening(rule, key, evaluationUs, figures?.window.fromUs ?? evaluationUs);
    return alarm(rule, key, episode, opened, alarming + 1, evaluationUs);
  }
  if (!isFiring) return ended('dropped', 'calm');
  const calmNow = finding === 'calm' ? calm + 1 : 0;
  if (calmNow >= rule.consecutive) return ended('resolved', 'calm');
  return { next: { key, state: 'firing', episode, alarming: 0, calm: calmNow, judgedUs: evaluationUs }, happened: [] };
}

function opening(rule: AlertRule, key: Verdict['key'], startedUs: number, windowFromUs: number): Episode {
  return { id: episodeId(rule.id, key, startedUs), startedUs, windowFromUs, firedUs: null };
}

function alarm(
  rule: AlertRule,
  key: Verdict['key'],
  before: Episode | null,
  opened: Episode,
  alarming: number,
  evaluationUs: number,
): Advanced {
  const fires = opened.firedUs === null && alarming >= rule.consecutive;
  const episode = fires ? { ...opened, firedUs: evaluationUs } : opened;
  return {
    next: {
      ...{ key, episode, alarming, calm: 0, judgedUs: evaluationUs },
      state: episode.firedUs === null ? 'pending' : 'firing',
    },
    happened: [
      ...(before === null ? [{ kind: 'started' as const, episode: opened, reason: null }] : []),
      ...(fires ? [{ kind: 'fired' as const, episode, reason: null }] : []),
    ],
  };
}
