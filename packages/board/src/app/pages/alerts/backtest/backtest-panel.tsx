import type { ProblemError } from '@michinori/client';
import { useRef, useState } from 'preact/hooks';
import { useJourneys } from '../../../data/use-journeys.ts';
import { useStages } from '../../../data/use-stages.ts';
import { Choice, Field } from '../../../parts/choice.tsx';
import { Failure, Notice } from '../../../parts/notice.tsx';
import { useAddress } from '../../../state/address.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { smallestRule } from '../no-rules.tsx';
import { BacktestResult } from './backtest-result.tsx';
import {
  type BacktestState,
  backtestBody,
  faultOf,
  knownBys,
  lineSpan,
  readBacktest,
  writeBacktest,
} from './backtest-state.ts';
import { Incidents } from './incidents.tsx';
import { useReplay } from './use-replay.ts';

/** Always the same: what lies below must not move when a click on it takes the focus out of the text. */
const textRows = 14;

interface BacktestProps {
  rules: readonly { alert: string; title: string; journey: string | null; source: string }[];
}

/** Choose or write a rule, replay it over the past, and see what it would have told. */
export function BacktestPanel({ rules }: BacktestProps) {
  const { query, view, setQuery } = useAddress();
  const { words, format, language } = useWords();
  const { current } = useJourneys();
  const { replay, run, stop } = useReplay();
  const place = useRef<HTMLTextAreaElement>(null);
  const state = readBacktest(query);
  const wanted = state.test ?? query.get('alert');
  const rule = rules.find(({ alert }) => alert === wanted) ?? rules[0];
  /** What is being typed: an answer that comes meanwhile must not put the former text back. */
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? state.text ?? rule?.source ?? smallestRule(current);
  const journey = /^journey:\s*([\w-]+)/m.exec(text)?.[1] ?? rule?.journey ?? current;
  const stages = useStages(journey);
  const change = (part: Partial<BacktestState>) => setQuery(writeBacktest({ ...state, ...part }), { replace: true });
  const isRunning = replay.status === 'running';

  function start(): void {
    const own = rule === undefined || draft !== null ? { ...state, text } : state;
    run(backtestBody(own, { alert: rule?.alert ?? null, timezone: view.timezone, language }));
  }

  return (
    <>
      <section class="panel backtest" aria-label={words.backtest.title} aria-busy={isRunning}>
        <h2>{words.backtest.title}</h2>
        <p>{words.backtest.what}</p>
        <div class="row">
          <Choice
            label={words.backtest.rule}
            value={state.text !== null || rule === undefined ? '' : rule.alert}
            options={[
              ...rules.map(({ alert, title }) => ({ value: alert, label: title })),
              { value: '', label: words.backtest.ownText },
            ]}
            onChoose={(value) => change(value === '' ? { text } : { test: value, text: null })}
          />
          <Field label={words.backtest.from}>
            <input
              type="date"
              value={state.first ?? ''}
              onChange={(event) => change({ first: event.currentTarget.value || null })}
            />
          </Field>
          <Field label={words.backtest.to}>
            <input
              type="date"
              value={state.last ?? ''}
              onChange={(event) => change({ last: event.currentTarget.value || null })}
            />
          </Field>
          <Choice
            label={words.backtest.knownBy}
            value={state.knownBy}
            options={knownBys.map((value) => ({ value, label: words.backtest.knownBys[value] }))}
            onChoose={(knownBy) => change({ knownBy })}
          />
        </div>
        <Field label={words.backtest.text}>
          <textarea
            ref={place}
            class="rule-text"
            rows={textRows}
            spellcheck={false}
            value={text}
            onInput={(event) => setDraft(event.currentTarget.value)}
            onChange={(event) => {
              setDraft(null);
              change({ text: event.currentTarget.value });
            }}
          />
        </Field>
        <Incidents incidents={state.incidents} stages={stages} onChange={(incidents) => change({ incidents })} />
        <div class="row">
          <button type="button" class="strong" disabled={isRunning} onClick={start}>
            {words.backtest.run}
          </button>
          {isRunning && (
            <button type="button" onClick={stop}>
              {words.backtest.stop}
            </button>
          )}
          <p role="status">
            {replay.status === 'running' && words.backtest.running(format.duration(replay.seconds))}
            {replay.status === 'stopped' && words.backtest.stopped}
          </p>
        </div>
        {replay.status === 'running' && <progress class="replay-progress" aria-label={words.backtest.running('')} />}
        {replay.status === 'failed' && <Refusal error={replay.error} text={text} onShow={showLine} />}
      </section>
      {replay.status === 'done' && (
        <BacktestResult
          rows={replay.answer.rows}
          meta={replay.answer.meta}
          isOwnText={state.text !== null || rule === undefined}
        />
      )}
    </>
  );

  function showLine(line: number): void {
    const { from, to } = lineSpan(text, line);
    place.current?.focus();
    place.current?.setSelectionRange(from, to);
  }
}

interface RefusalProps {
  error: ProblemError;
  text: string;
  onShow: (line: number) => void;
}

/** What is wrong with the rule, with the lines that it is about; other failures as everywhere. */
function Refusal({ error, text, onShow }: RefusalProps) {
  const { words, format } = useWords();
  if (error.code !== 'invalid_rule') return <Failure error={error} />;
  const faults = (error.errors.length === 0 ? [{ message: error.message }] : error.errors).map(({ message }) =>
    faultOf(message),
  );
  const lines = text.split('\n');
  return (
    <Notice title={words.backtest.faults} tone="problem">
      <ul class="faults">
        {faults.map(({ line, column, message }) => (
          <li key={`${line} ${message}`}>
            {line !== null && (
              <>
                <pre>
                  <b>{line}</b> {lines[line - 1] ?? ''}
                  {'\n'}
                  {' '.repeat(String(line).length + Math.max(1, column ?? 1))}↑
                </pre>
                <button type="button" class="quiet" onClick={() => onShow(line)}>
                  {words.backtest.show(format.count(line))}
                </button>
              </>
            )}
            <p>{message}</p>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
