import { alerts } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import { Failure } from '../../parts/notice.tsx';
import { Loading } from '../../parts/panel.tsx';
import { useWords } from '../../words/use-words.tsx';
import { byUrgency, seriesIdOf, standingOf } from './alert-state.ts';
import { SeriesCard } from './series-card.tsx';

/** On a wall screen: what fires now, large; or that nothing does. */
export function AlertsWall({ titleOf }: { titleOf: (alert: string) => string }) {
  const { words, format } = useWords();
  const { answer, error } = useAnswer(alerts.list());
  if (answer === null) return error === null ? <Loading /> : <Failure error={error} />;
  const urgent = byUrgency(answer.rows).filter((row) => ['firing', 'pending'].includes(standingOf(row).state));
  const isQuiet = !urgent.some(({ firing }) => firing);
  return (
    <section class="panel alerts-wall" aria-label={words.alerts.now}>
      <h2 class="hidden">{words.alerts.now}</h2>
      <div class="panel-body">
        {isQuiet && (
          <p class="headline">
            {words.alerts.quiet} <small>{words.alerts.quietWhat(format.count(answer.rows.length))}</small>
          </p>
        )}
        <ul class="alert-cards">
          {urgent.slice(0, 6).map((row) => (
            <SeriesCard key={`${row.alert} ${seriesIdOf(row)}`} row={row} title={titleOf(row.alert)} isChosen={false} />
          ))}
        </ul>
      </div>
    </section>
  );
}
