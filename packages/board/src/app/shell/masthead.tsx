import { useEffect, useRef } from 'preact/hooks';
import { useJourneys } from '../data/use-journeys.ts';
import { Choice } from '../parts/choice.tsx';
import { useAddress } from '../state/address.tsx';
import { journeyPages, type Route } from '../state/route.ts';
import { useWords } from '../words/use-words.tsx';
import { Freshness } from './freshness.tsx';

/** Name, journey, the pages, and how fresh the data is. */
export function Masthead() {
  const { route, to, go } = useAddress();
  const { words } = useWords();
  const { all, current } = useJourneys();
  const ofJourney: Route[] = current === null ? [] : journeyPages.map((page) => ({ page, journey: current }));
  const [map, ...others] = ofJourney;
  const pages: Route[] = [
    ...(map ? [map] : []),
    { page: 'funnel' },
    ...others,
    { page: 'customers' },
    { page: 'alerts' },
    { page: 'data' },
  ];
  const isHere = ({ page }: Route) =>
    page === route.page ||
    (page === 'map' && route.page === 'start') ||
    (page === 'customers' && ['customer', 'journey-customers'].includes(route.page));
  const here = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the pages are a row that scrolls.
    here.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [route.page]);
  const extra = current === null ? {} : { journey: current };

  function choose(journey: string): void {
    if ('journey' in route) go(to({ ...route, journey }));
    else go(to({ page: 'map', journey }));
  }

  return (
    <header class="masthead">
      <a class="brand" href={to({ page: 'start' })} data-board>
        Michinori <span lang="ja">道のり</span>
      </a>
      {all !== null && all.length > 0 && (
        <Choice
          label={words.controls.journey}
          value={current ?? ''}
          options={all.map(({ journey, title }) => ({ value: journey, label: title }))}
          onChoose={choose}
        />
      )}
      <nav aria-label={words.nav.label} ref={here}>
        <ul>
          {pages.map((page) => (
            <li key={page.page}>
              <a
                href={'journey' in page ? to(page) : to(page, extra)}
                data-board
                {...(isHere(page) ? { 'aria-current': 'page' as const } : {})}
              >
                {words.nav[page.page]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Freshness />
    </header>
  );
}
