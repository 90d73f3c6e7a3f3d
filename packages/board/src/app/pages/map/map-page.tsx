import { type JourneyMapRow, journeys } from '@michinori/client';
import { useJourneys } from '../../data/use-journeys.ts';
import { useSegmentNames } from '../../data/use-segment-names.ts';
import { Switch } from '../../parts/choice.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { segmentOf, splitSegment } from '../../state/segments.ts';
import { useShared } from '../../state/use-question.ts';
import { useWords } from '../../words/use-words.tsx';
import { EmotionRow } from './emotion-row.tsx';
import { HealthRow } from './health-row.tsx';
import { bySegment, columnsOf, mostLost } from './journey-picture.ts';
import { GoalCell, StageCard } from './stage-card.tsx';
import { TouchpointList } from './touchpoint-list.tsx';

/** The journey as a drawing: stages as columns, below them mood, goals and touchpoints. */
export function MapPage({ journey }: { journey: string }) {
  const { query, view, setQuery } = useAddress();
  const { words, format } = useWords();
  const shared = useShared();
  const { all } = useJourneys();
  // A wall screen has room for one drawing.
  const by = segmentOf(query.has('kiosk') ? null : view.by, useSegmentNames(journey));
  const detail = query.get('detail') === 'full' ? 'full' : 'overview';
  const question = journeys.map(journey, {
    ...{ ...shared, detail, language: view.language },
    ...(by === undefined ? {} : { by }),
  });
  return (
    <>
      <h1>{words.map.title}</h1>
      <Panel
        title={all?.find((one) => one.journey === journey)?.title ?? journey}
        question={question}
        sentence={(rows) =>
          bySegment(rows).map((group) => {
            const worst = mostLost(columnsOf(group.rows));
            return (
              worst && (
                <span class="line" key={group.segment}>
                  {group.segment !== null && <b>{group.segment || words.numbers.missing}: </b>}
                  {words.map.readers(format.count(worst.lost ?? 0), worst.title)}
                </span>
              )
            );
          })
        }
        picture={(rows) => {
          const groups = bySegment(rows);
          return (
            <>
              {groups.slice(0, drawingsMax).map(({ segment, rows: own }) => (
                <Drawing
                  key={segment}
                  rows={own}
                  journey={journey}
                  isFull={detail === 'full'}
                  segment={by === undefined || segment === null ? null : { name: by, value: segment }}
                />
              ))}
              {groups.length > drawingsMax && (
                <p class="faint">{words.funnel.others(format.count(groups.length - drawingsMax))}</p>
              )}
            </>
          );
        }}
        columns={useColumns(by !== undefined)}
        actions={
          <Switch
            label={words.map.title}
            value={detail}
            options={[
              { value: 'overview', label: words.map.overview },
              { value: 'full', label: words.map.detail },
            ]}
            onChoose={(value) => setQuery({ detail: value === 'overview' ? null : value })}
          />
        }
        fileName={`map-${journey}`}
      />
    </>
  );
}

/** Segments that are drawn, those of the most customers; the table has all. */
const drawingsMax = 6;

interface DrawingProps {
  rows: readonly JourneyMapRow[];
  journey: string;
  isFull: boolean;
  /** Whose drawing it is, where there are several. */
  segment: { name: string; value: string } | null;
}

function Drawing({ rows, journey, isFull, segment }: DrawingProps) {
  const { words } = useWords();
  const { view } = useAddress();
  const columns = columnsOf(rows);
  const own = segment === null ? null : `${segment.name}: ${segment.value || words.numbers.missing}`;
  const others = view.segments.filter((one) => splitSegment(one).name !== segment?.name);
  const segments = segment === null ? view.segments : [...others, `${segment.name}:${segment.value}`];
  const label = own === null ? words.map.title : `${words.map.title}, ${own}`;
  return (
    <section class="map-scroll" tabIndex={0} aria-label={label}>
      {own !== null && <h2 class="map-segment">{own}</h2>}
      <div class="map" style={{ gridTemplateColumns: `repeat(${columns.length}, minmax(11.5rem, 1fr))` }}>
        {columns.map((column) => (
          <StageCard key={column.stage.stage} column={column} journey={journey} segments={segments} />
        ))}
        <EmotionRow columns={columns} />
        <HealthRow columns={columns} journey={journey} />
        <h3 class="map-label">{words.map.goal}</h3>
        {columns.map((column) => (
          <GoalCell key={column.stage.stage} column={column} />
        ))}
        {isFull && <h3 class="map-label">{words.map.touchpoints}</h3>}
        {isFull && columns.map((column) => <TouchpointList key={column.stage.stage} column={column} />)}
      </div>
    </section>
  );
}

function useColumns(isSplit: boolean): Column<JourneyMapRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: JourneyMapRow) => string) => ({ title, cell, isNumber: true });
  const whole = (value: number | null) => (value === null ? words.numbers.unknown : format.count(value));
  const segmentOfRow = ({ segment }: JourneyMapRow) => segment || words.numbers.missing;
  return [
    {
      title: words.map.stage,
      cell: ({ title, kind, stage }) => (kind === 'touchpoint' ? `${stage} · ${title}` : title),
    },
    ...(isSplit ? [{ title: words.funnel.segment, cell: segmentOfRow }] : []),
    count(words.map.entered, ({ entered }) => format.count(entered)),
    count(words.map.advanced, ({ advanced }) => whole(advanced)),
    count(words.map.lost, ({ lost }) => whole(lost)),
    count(words.map.open, ({ open }) => whole(open)),
    count(words.numbers.rate, ({ rate }) => format.share(rate)),
    count(words.numbers.interval, ({ lo, hi }) => format.shares(lo, hi)),
    { title: words.data.state, cell: ({ state }) => words.states[state] },
    count(words.map.emotion, ({ sentiment }) => format.decimal(sentiment, { signed: true })),
    count(words.health.mean, ({ health }) => format.decimal(health, { digits: 1 })),
    count(words.map.p50, ({ secondsP50 }) => format.duration(secondsP50)),
    { title: words.map.goal, cell: ({ goal }) => goal ?? '' },
  ];
}
