import { useJourneys } from '../data/use-journeys.ts';
import { Notice } from '../parts/notice.tsx';
import { Loading } from '../parts/panel.tsx';
import { useAddress } from '../state/address.tsx';
import type { Route } from '../state/route.ts';
import { useWords } from '../words/use-words.tsx';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { CustomerPage } from './customer/customer-page.tsx';
import { CustomersPage } from './customer/customers-page.tsx';
import { CycleTimePage } from './cycle-time-page.tsx';
import { DataPage } from './data-page.tsx';
import { FunnelPage } from './funnel/funnel-page.tsx';
import { MapPage } from './map/map-page.tsx';
import { NoJourney } from './no-journey.tsx';
import { NpsPage } from './nps-page.tsx';
import { PathsPage } from './paths-page.tsx';

/** The page of a route. */
export function Page({ route }: { route: Route }) {
  const { words } = useWords();
  const { to } = useAddress();
  switch (route.page) {
    case 'start':
      return <StartPage />;
    case 'map':
      return <MapPage journey={route.journey} />;
    case 'cycle-time':
      return <CycleTimePage journey={route.journey} />;
    case 'paths':
      return <PathsPage journey={route.journey} />;
    case 'nps':
      return <NpsPage journey={route.journey} />;
    case 'funnel':
      return <FunnelPage />;
    case 'customers':
      return <CustomersPage />;
    case 'customer':
      return <CustomerPage key={route.customer} customer={route.customer} />;
    case 'journey-customers':
      return <CustomersPage />;
    case 'alerts':
      return <AlertsPage />;
    case 'data':
      return <DataPage />;
    default:
      return (
        <>
          <h1>{words.nav.unknown}</h1>
          <Notice title={words.states.unknownPage}>
            <p>
              <a href={to({ page: 'start' })} data-board>
                {words.states.toStart}
              </a>
            </p>
          </Notice>
        </>
      );
  }
}

/** The map of the first journey; how to begin where there is none. */
function StartPage() {
  const { words } = useWords();
  const { all, current } = useJourneys();
  if (current !== null) return <MapPage journey={current} />;
  return (
    <>
      <h1>{words.tagline}</h1>
      {all === null ? <Loading /> : <NoJourney />}
    </>
  );
}
