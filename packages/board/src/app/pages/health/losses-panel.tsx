import { type JourneyLossesRow, journeys } from '@michinori/client';
import { Panel } from '../../parts/panel.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useShared } from '../../state/use-question.ts';
import type { Words } from '../../words/en.ts';
import { useWords } from '../../words/use-words.tsx';
import { lossesByStage, mostSilent } from './losses.ts';
import { Scale } from './scale.tsx';

/** Who was lost from each stage: by silence, or for a reason that somebody gave. */
export function LossesPanel({ journey }: { journey: string }) {
  const { language } = useAddress().view;
  const { words, format } = useWords();
  const shared = useShared();
  const columns = useColumns();
  return (
    <Panel
      title={words.health.losing}
      question={journeys.losses(journey, { ...shared, language })}
      sentence={(rows) => {
        const row = mostSilent(rows);
        return (
          row && words.health.lossSentence(row.title, format.share(row.share), format.count(row.k), format.count(row.n))
        );
      }}
      picture={(rows) => <Stages rows={rows} />}
      columns={columns}
      fileName={`losses-${journey}`}
    />
  );
}

function Stages({ rows }: { rows: readonly JourneyLossesRow[] }) {
  const { words, format } = useWords();
  return (
    <div class="loss-stages">
      {lossesByStage(rows).map(({ all, parts }) => (
        <section key={all.stage}>
          <h3>
            {all.title}{' '}
            <small class="faint">
              {format.count(all.lost)} / {format.count(all.entered)} · {format.share(all.rate)} (
              {format.shares(all.rateLo, all.rateHi)})
            </small>
          </h3>
          <ul class="ranks">
            {parts.map((part) => (
              <li key={`${part.kind} ${part.reason}`} class={`rank is-${part.state}`}>
                <span class="score-name">{reasonOf(part, words)}</span>
                <Scale value={part.share} lo={part.lo} hi={part.hi} />
                <span>
                  <b>{format.count(part.k)}</b>{' '}
                  <small>
                    {format.share(part.share)} ({format.shares(part.lo, part.hi)})
                  </small>{' '}
                  <StateBadge state={part.state} n={part.n} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function reasonOf({ kind, reason }: JourneyLossesRow, { health }: Words): string {
  if (kind === 'silent') return health.silent;
  return kind === 'all' ? health.allLosses : reason || health.noReason;
}

function useColumns(): Column<JourneyLossesRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyLossesRow) => string) => ({ title, cell, isNumber: true });
  return [
    { title: words.health.stage, cell: ({ title }) => title },
    { title: words.health.reason, cell: (row) => reasonOf(row, words) },
    count(words.health.lost, ({ lost }) => format.count(lost)),
    count(
      words.health.lossRate,
      ({ rate, rateLo, rateHi }) => `${format.share(rate)} (${format.shares(rateLo, rateHi)})`,
    ),
    count(words.health.shareOfStage, ({ share }) => format.share(share)),
    count(words.numbers.interval, ({ lo, hi }) => format.shares(lo, hi)),
    count(words.health.silence, ({ silenceSecondsP50 }) => format.duration(silenceSecondsP50)),
  ];
}
