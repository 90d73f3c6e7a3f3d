import type { JourneyMapRow } from '@michinori/client';
import { useWords } from '../../words/use-words.tsx';
import { emotionCurve, type StageColumn } from './journey-picture.ts';

const width = 1000;
const height = 160;
const inset = 14;

/** The emotion curve over all columns, with its band; zero is marked. */
export function EmotionRow({ columns }: { columns: readonly StageColumn[] }) {
  const { words, format } = useWords();
  const pieces = emotionCurve(columns.map(({ stage }) => stage));
  const isTrough = (stage: JourneyMapRow) => columns.some((column) => column.isTrough && column.stage === stage);
  const signed = (value: number | null) => format.decimal(value, { signed: true });
  const y = (share: number) => inset + share * (height - 2 * inset);
  return (
    <div class="emotion" style={{ gridColumn: '1 / -1' }}>
      <h3 class="map-label">{words.map.emotion}</h3>
      <div class="emotion-plot">
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <line class="emotion-zero" x1="0" x2={width} y1={y(0.5)} y2={y(0.5)} />
          {pieces.map((piece) => {
            const upper = piece.map(({ x, top }) => `${x * width},${y(top)}`);
            const lower = piece.map(({ x, bottom }) => `${x * width},${y(bottom)}`).reverse();
            return (
              <g key={piece[0]?.x}>
                <polygon class="emotion-band" points={[...upper, ...lower].join(' ')} />
                <polyline
                  class="emotion-line"
                  points={piece.map((point) => `${point.x * width},${y(point.y)}`).join(' ')}
                />
              </g>
            );
          })}
        </svg>
        {pieces.flat().map(({ x, y: share, stage }) => (
          <span
            key={stage.stage}
            class={`emotion-point ${isTrough(stage) ? 'is-trough' : ''}`}
            style={{ left: `${100 * x}%`, top: `${(100 * y(share)) / height}%` }}
          >
            <i aria-hidden="true" />
            <b class={share < 0.1 ? 'below' : ''}>
              <span class="hidden">{stage.title}: </span>
              {signed(stage.sentiment)}
              {isTrough(stage) && <em>{words.map.trough}</em>}
              <small>
                {stage.sentimentLo === null
                  ? words.states.insufficient
                  : words.numbers.to(signed(stage.sentimentLo), signed(stage.sentimentHi))}
              </small>
            </b>
          </span>
        ))}
      </div>
    </div>
  );
}
