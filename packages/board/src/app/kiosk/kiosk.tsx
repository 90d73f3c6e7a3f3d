import { alerts } from '@michinori/client';
import { useEffect, useState } from 'preact/hooks';
import { useAnswer } from '../data/use-answer.tsx';
import { useJourneys } from '../data/use-journeys.ts';
import { NoJourney } from '../pages/no-journey.tsx';
import { Page } from '../pages/page.tsx';
import { Loading } from '../parts/panel.tsx';
import { Freshness } from '../shell/freshness.tsx';
import { useAddress } from '../state/address.tsx';
import { useWords } from '../words/use-words.tsx';
import { rotationOf, secondsOf, turnAt, untilTurnMs } from './rotation.ts';
import { useScoredJourneys } from './use-scored-journeys.ts';

/** A wall screen: dark, large, one page after the other, for days. Escape leaves it. */
export function Kiosk() {
  const { query, route, setQuery } = useAddress();
  const { words, language, format } = useWords();
  const { all } = useJourneys();
  const seconds = secondsOf(query.get('kiosk'));
  const wanted = 'journey' in route ? [route.journey] : (all ?? []).map(({ journey }) => journey);
  const scored = useScoredJourneys(wanted);
  const rules = useAnswer(alerts.rules({ language })).answer?.rows ?? [];
  const pages = rotationOf(wanted, { hasFunnel: query.has('step'), hasAlerts: rules.length > 0, scored });
  const turn = useTurn(seconds, pages.length);
  const page = pages[turn];
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = 'dark';
    document.documentElement.dataset.kiosk = '';
    document.title = `${words.kiosk.label} · ${words.product}`;
    const leave = (event: KeyboardEvent) => event.key === 'Escape' && setQuery({ kiosk: null });
    addEventListener('keydown', leave);
    return () => {
      delete document.documentElement.dataset.kiosk;
      removeEventListener('keydown', leave);
    };
  }, [language, words, setQuery]);
  const title =
    page !== undefined && 'journey' in page ? all?.find(({ journey }) => journey === page.journey)?.title : '';
  return (
    <div class="kiosk">
      <header class="kiosk-head">
        <h1 class="kiosk-title">
          {title && `${title} · `}
          {page !== undefined && <b>{words.nav[page.page]}</b>}
        </h1>
        <Freshness />
      </header>
      <main id="content" key={turn}>
        {page !== undefined && <Page route={page} />}
        {page === undefined && (all === null ? <Loading /> : <NoJourney />)}
      </main>
      <footer class="kiosk-foot">
        <span>{pages.length > 0 && words.kiosk.page(format.count(turn + 1), format.count(pages.length))}</span>
        <button type="button" class="quiet" onClick={() => setQuery({ kiosk: null })}>
          {words.kiosk.leave}
        </button>
      </footer>
    </div>
  );
}

/** The number of the page that is due; one timer until the next one. */
function useTurn(seconds: number, pages: number): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), untilTurnMs(Date.now(), seconds));
    return () => clearTimeout(timer);
  }, [nowMs, seconds]);
  return turnAt(nowMs, seconds, pages);
}
