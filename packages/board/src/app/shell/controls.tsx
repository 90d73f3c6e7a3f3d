import { type SegmentListRow, segments } from '@michinori/client';
import { useAnswer } from '../data/use-answer.tsx';
import { useJourneys } from '../data/use-journeys.ts';
import { useNow } from '../data/use-now.ts';
import { healthPart } from '../pages/health/parts.ts';
import { Choice, Field } from '../parts/choice.tsx';
import { useAddress } from '../state/address.tsx';
import { linkedInstants } from '../state/linked-instants.ts';
import { datesOf, isDate, type Range, usualDays, writeRange } from '../state/range.ts';
import type { PageName } from '../state/route.ts';
import { segmentOf, splitSegment } from '../state/segments.ts';
import { useWords } from '../words/use-words.tsx';
import { Settings } from './settings.tsx';

const pagesWithRange: readonly PageName[] = ['map', 'funnel', 'cycle-time', 'paths', 'nps', 'customers', 'alerts'];
const pagesWithSegments: readonly PageName[] = [
  ...pagesWithRange.filter((page) => page !== 'alerts'),
  'journey-customers',
];
const pagesWithSplit: readonly PageName[] = ['map', 'cycle-time', 'nps'];

/** Health is about this moment, except what is likely to come, which is learnt from a range. */
const isAhead = (page: PageName, query: URLSearchParams) => page === 'health' && healthPart(query) === 'ahead';
const isNow = (page: PageName, query: URLSearchParams) => page === 'health' && healthPart(query) === 'now';

/** Range, segments, split; the same on every page that has them. */
export function Controls() {
  const { route, query, view, setView } = useAddress();
  const { words } = useWords();
  const { current } = useJourneys();
  const known = useAnswer(segments.list()).answer?.rows ?? [];
  const ofJourney = known.filter(({ journey }) => journey === current);
  const names = [...new Set(ofJourney.map(({ segment }) => segment))];
  // The start shows the map of the first journey.
  const page = route.page === 'start' && current !== null ? 'map' : route.page;
  // A list that a link leads to may have instants of its own.
  const hasRange =
    pagesWithRange.includes(page) ||
    (page === 'journey-customers' && linkedInstants(query) === null) ||
    isAhead(page, query);
  const hasSegments = pagesWithSegments.includes(page) || isAhead(page, query) || isNow(page, query);
  const hasSplit = pagesWithSplit.includes(page) || isNow(page, query);
  return (
    <section class="controls" aria-label={words.controls.label}>
      {hasRange && <RangeChoice />}
      {hasSegments && (
        <SegmentChoice known={ofJourney.filter(({ segment }) => route.page !== 'funnel' || segment !== 'persona')} />
      )}
      {hasSplit && (
        <Choice
          label={words.controls.by}
          value={segmentOf(view.by, names) ?? ''}
          options={[
            { value: '', label: words.controls.nothing },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          onChoose={(by) => setView({ by: by || null })}
        />
      )}
      <Settings />
    </section>
  );
}

function RangeChoice() {
  const { view, setView } = useAddress();
  const { words, format } = useWords();
  const nowMs = useNow();
  const { first, last } = datesOf(view.range, view.timezone, nowMs);
  const days: Range[] = usualDays.map((count) => ({ kind: 'last', days: count }));
  const isUsual = days.some((range) => writeRange(range) === writeRange(view.range));
  const options = [...days, ...(isUsual ? [] : [view.range])].map((range) => ({
    value: writeRange(range),
    label: range.kind === 'dates' ? words.controls.dates : words.controls.lastDays(format.count(range.days)),
    range,
  }));
  const setDate = (which: 'first' | 'last') => (event: { currentTarget: HTMLInputElement }) => {
    const dates = { first, last, [which]: event.currentTarget.value };
    if (isDate(dates.first) && isDate(dates.last) && dates.first <= dates.last) {
      setView({ range: { kind: 'dates', ...dates } });
    }
  };
  return (
    <>
      <Choice
        label={words.controls.range}
        value={writeRange(view.range)}
        options={options}
        onChoose={(value) => setView({ range: options.find((option) => option.value === value)?.range ?? view.range })}
      />
      <Field label={words.controls.first}>
        <input type="date" value={first} max={last} onChange={setDate('first')} />
      </Field>
      <Field label={words.controls.last}>
        <input type="date" value={last} min={first} onChange={setDate('last')} />
      </Field>
    </>
  );
}

function SegmentChoice({ known }: { known: readonly SegmentListRow[] }) {
  const { view, setView } = useAddress();
  const { words } = useWords();
  const free = known.map(({ segment, value }) => `${segment}:${value}`).filter((one) => !view.segments.includes(one));
  const label = (segment: string) => {
    const { name, value } = splitSegment(segment);
    return `${name}: ${value || words.numbers.missing}`;
  };
  return (
    <div class="segments">
      <Choice
        label={words.controls.segment}
        value=""
        options={[
          { value: '', label: view.segments.length === 0 ? words.controls.everybody : words.controls.addSegment },
          ...free.map((segment) => ({ value: segment, label: label(segment) })),
        ]}
        onChoose={(segment) => segment !== '' && setView({ segments: [...view.segments, segment] })}
      />
      {view.segments.map((segment) => (
        <button
          key={segment}
          type="button"
          class="chip"
          aria-label={words.controls.removeSegment(label(segment))}
          onClick={() => setView({ segments: view.segments.filter((one) => one !== segment) })}
        >
          {label(segment)} <span aria-hidden="true">×</span>
        </button>
      ))}
    </div>
  );
}
