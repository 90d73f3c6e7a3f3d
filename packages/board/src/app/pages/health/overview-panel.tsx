import { type JourneyHealthRow, journeys } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import { useSegmentNames } from '../../data/use-segment-names.ts';
import { Panel } from '../../parts/panel.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { segmentOf, segmentQuery } from '../../state/segments.ts';
import { useWords } from '../../words/use-words.tsx';
import type { HealthDefinition } from './definition.ts';
import { NotYet } from './no-health.tsx';
import { mostAtRisk, scoreBands } from './overview.ts';
import { Scale } from './scale.tsx';
import type { KnownHealth } from './use-health.ts';

interface OverviewProps {
  journey: string;
  known: KnownHealth;
  health: HealthDefinition;
}

/** How scores are spread in each stage, their mean, and how many are at risk. */
export function OverviewPanel({ journey, known, health }: OverviewProps) {
  const { view } = useAddress();
  const { words, format } = useWords();
  const columns = useColumns(health);
  const by = segmentOf(view.by, useSegmentNames(journey));
  const question = journeys.health(journey, {
    ...segmentQuery(view.segments),
    ...(by === undefined ? {} : { by }),
    language: view.language,
  });
  const isEvaluated = useAnswer(question).answer?.meta.evaluatedAt !== null;
  const below = format.count(health.churnBelow);
  return (
    <Panel
      title={words.health.overview}
      question={question}
      sentence={(rows) => {
        const worst = mostAtRisk(rows);
        if (worst === null) return null;
        const { rate, lo, hi } = worst;
        const name = nameOf(worst, words.numbers.missing);
        return words.health.worst(name, format.share(rate), format.share(lo), format.share(hi), below);
      }}
      picture={(rows, { evaluatedAt }) => (
        <>
          <Stages rows={rows} health={health} />
          <p class="faint">{words.health.asOf(format.time(evaluatedAt))}</p>
        </>
      )}
      columns={columns}
      fileName={`health-${journey}`}
      {...(isEvaluated ? {} : { empty: <NotYet timezone={known.timezone} /> })}
    />
  );
}

const nameOf = ({ title, segment }: JourneyHealthRow, missing: string) =>
  segment === null ? title : `${title} · ${segment || missing}`;

function Stages({ rows, health }: { rows: readonly JourneyHealthRow[]; health: HealthDefinition }) {
  const { words, format } = useWords();
  const whole = (value: number | null) => format.decimal(value, { digits: 0 });
  return (
    <>
      <ul class="legend" aria-hidden="true">
        {scoreBands.map((band) => (
          <li key={band}>
            <i class={`key score-${band}`} />
            {words.health.bands[band]}
          </li>
        ))}
      </ul>
      <ul class="health-stages">
        {rows.map((row) => (
          <li key={`${row.stage} ${row.segment}`} class={`health-stage ${row.n < 30 ? 'is-insufficient' : ''}`}>
            <span class="score-name">
              {nameOf(row, words.numbers.missing)} <small>{words.numbers.n(format.count(row.n))}</small>{' '}
              <StateBadge state={row.n < 30 ? 'insufficient' : 'ok'} n={row.n} />
            </span>
            <span class="stack" aria-hidden="true">
              {scoreBands.map((band) => (
                <i key={band} class={`score-${band}`} style={{ width: `${(100 * row[band]) / Math.max(1, row.n)}%` }} />
              ))}
            </span>
            <Scale
              value={share(row.score)}
              lo={share(row.scoreLo)}
              hi={share(row.scoreHi)}
              lines={[health.churnBelow / 100, health.expansionAbove / 100]}
            />
            <span>
              {words.health.mean} <b>{whole(row.score)}</b>{' '}
              <small>{words.numbers.to(whole(row.scoreLo), whole(row.scoreHi))}</small>
            </span>
            <span class="lost">
              {words.health.atRisk(format.count(health.churnBelow))}{' '}
              <b>
                {format.count(row.k)} · {format.share(row.rate)}
              </b>{' '}
              <small>{format.shares(row.lo, row.hi)}</small>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const share = (score: number | null) => (score === null ? null : score / 100);

function useColumns(health: HealthDefinition): Column<JourneyHealthRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyHealthRow) => string) => ({ title, cell, isNumber: true });
  const decimal = (value: number | null) => format.decimal(value, { digits: 1 });
  return [
    { title: words.health.stage, cell: (row) => nameOf(row, words.numbers.missing) },
    count(words.health.customers, ({ customers }) => format.count(customers)),
    count(words.health.mean, ({ score }) => decimal(score)),
    count(`${words.health.mean}: ${words.numbers.interval}`, ({ scoreLo, scoreHi }) =>
      words.numbers.to(decimal(scoreLo), decimal(scoreHi)),
    ),
    count(words.health.atRisk(format.count(health.churnBelow)), ({ k }) => format.count(k)),
    count(words.health.atRiskShare, ({ rate }) => format.share(rate)),
    count(`${words.health.atRiskShare}: ${words.numbers.interval}`, ({ lo, hi }) => format.shares(lo, hi)),
    ...scoreBands.map((band) => count(words.health.bands[band], (row) => format.count(row[band]))),
  ];
}
