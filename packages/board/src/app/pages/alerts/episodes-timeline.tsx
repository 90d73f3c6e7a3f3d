import type { ComponentChildren } from 'preact';
import { useWords } from '../../words/use-words.tsx';
import { placeOf, ticksOf } from './episodes.ts';

/** A piece of a line: thin while it is to be confirmed, full from the alarm on. */
export interface Span {
  key: string;
  fromMs: number;
  firedMs: number | null;
  toMs: number;
  tone: 'fired' | 'false' | 'incident';
  /** What it says when it is pointed at; the table says the same. */
  label: string;
}

interface TimelineProps {
  fromMs: number;
  toMs: number;
  lines: readonly { key: string; name: ComponentChildren; spans: readonly Span[] }[];
}

/** Times as bars on a common scale, a line per series. A picture only: its panel has the same as a table. */
export function SpansTimeline({ fromMs, toMs, lines }: TimelineProps) {
  const { format } = useWords();
  const percent = (ms: number) => `${(100 * placeOf(ms, fromMs, toMs)).toFixed(2)}%`;
  const width = (from: number, to: number) =>
    `${(100 * (placeOf(to, fromMs, toMs) - placeOf(from, fromMs, toMs))).toFixed(2)}%`;
  return (
    <div class="spans">
      <ol>
        {lines.map(({ key, name, spans }) => (
          <li key={key} class="spans-line">
            <span class="spans-name">{name}</span>
            <span class="spans-track">
              {spans.map((span) => (
                <span key={span.key}>
                  <i
                    class="span span-pending"
                    style={{ left: percent(span.fromMs), width: width(span.fromMs, span.firedMs ?? span.toMs) }}
                  />
                  {span.firedMs !== null && (
                    <i
                      class={`span span-${span.tone}`}
                      style={{ left: percent(span.firedMs), width: width(span.firedMs, span.toMs) }}
                    />
                  )}
                  <span class="hidden">{span.label}</span>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
      <p class="spans-axis" aria-hidden="true">
        {ticksOf(fromMs, toMs, 6).map((tick) => (
          <span key={tick} style={{ left: percent(tick) }}>
            {format.date(new Date(tick).toISOString())}
          </span>
        ))}
      </p>
    </div>
  );
}
