import { alerts } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import { useJourneys } from '../../data/use-journeys.ts';
import { Choice } from '../../parts/choice.tsx';
import { Failure } from '../../parts/notice.tsx';
import { Loading } from '../../parts/panel.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { readSeries, type Series, stateFilters } from './alert-state.ts';
import { AlertsWall } from './alerts-wall.tsx';
import { BacktestPanel } from './backtest/backtest-panel.tsx';
import { Course } from './course.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { NoRules } from './no-rules.tsx';
import { NowPanel } from './now-panel.tsx';
import { RulePanel } from './rule-panel.tsx';

/** What is watched, how it stands, what happened, and what a rule would have told. */
export function AlertsPage() {
  const { query, view } = useAddress();
  const { words } = useWords();
  const { current } = useJourneys();
  const { answer, error } = useAnswer(alerts.rules({ language: view.language }));
  const rules = answer?.rows ?? [];
  const titleOf = (alert: string) => rules.find((rule) => rule.alert === alert)?.title ?? alert;
  if (query.has('kiosk')) return <AlertsWall titleOf={titleOf} />;
  return (
    <>
      <h1>{words.alerts.title}</h1>
      {answer === null && (error === null ? <Loading /> : <Failure error={error} />)}
      {answer !== null && rules.length === 0 && <NoRules journey={current} />}
      {rules.length > 0 && <Watched rules={rules} titleOf={titleOf} />}
      {answer !== null && current !== null && <BacktestPanel rules={rules} />}
    </>
  );
}

interface WatchedProps {
  rules: readonly { alert: string; title: string }[];
  titleOf: (alert: string) => string;
}

function Watched({ rules, titleOf }: WatchedProps) {
  const { query, setQuery } = useAddress();
  const { words } = useWords();
  const alert = query.get('alert') || null;
  const series = readSeries(query.get('series'));
  const filter = stateFilters.find((known) => known === query.get('state')) ?? null;
  const known =
    alert === null || rules.some((rule) => rule.alert === alert) ? rules : [...rules, { alert, title: alert }];
  return (
    <>
      <div class="row">
        <Choice
          label={words.alerts.rule}
          value={alert ?? ''}
          options={[
            { value: '', label: words.alerts.anyRule },
            ...known.map((rule) => ({ value: rule.alert, label: rule.title })),
          ]}
          onChoose={(value) => setQuery({ alert: value, series: null })}
        />
        <Choice
          label={words.alerts.state}
          value={filter ?? ''}
          options={[
            { value: '', label: words.alerts.anyState },
            ...stateFilters.map((value) => ({ value, label: words.alerts.filters[value] })),
          ]}
          onChoose={(value) => setQuery({ state: value })}
        />
      </div>
      <NowPanel alert={alert} filter={filter} titleOf={titleOf} notYet={<NotYet rules={rules} alert={alert} />} />
      {alert !== null && series !== null && <ChosenSeries alert={alert} series={series} />}
      {alert !== null && <RulePanel alert={alert} title={titleOf(alert)} />}
      <HistoryPanel alert={alert} titleOf={titleOf} />
    </>
  );
}

/** Rules that no evaluation has looked at: no rows say anything of them. */
function NotYet({ rules, alert }: { rules: WatchedProps['rules']; alert: string | null }) {
  const { words } = useWords();
  const { answer } = useAnswer(alerts.list(alert === null ? {} : { alert }));
  if (answer === null) return null;
  const wanted = rules.filter((rule) => alert === null || rule.alert === alert);
  const missing = wanted.filter((rule) => !answer.rows.some((row) => row.alert === rule.alert));
  if (missing.length === 0) return null;
  return <p class="faint">{words.alerts.notYet(missing.map(({ title }) => title).join(', '))}</p>;
}

function ChosenSeries({ alert, series }: { alert: string; series: Series }) {
  const rows = useAnswer(alerts.list({ alert })).answer?.rows ?? [];
  const row = rows.find(
    ({ stage, segment, touchpoint }) =>
      stage === series.stage && segment === series.segment && touchpoint === series.touchpoint,
  );
  return <Course alert={alert} series={series} row={row ?? null} />;
}
