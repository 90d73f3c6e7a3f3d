import { useJourneys } from '../data/use-journeys.ts';
import { later } from '../parts/later.tsx';
import { Notice } from '../parts/notice.tsx';
import { Loading } from '../parts/panel.tsx';
import { useAddress } from '../state/address.tsx';
import type { Route } from '../state/route.ts';
import { useWords } from '../words/use-words.tsx';
import { MapPage } from './map/map-page.tsx';
import { NoJourney } from './no-journey.tsx';

const AlertsPage = later(() => import('./alerts/alerts-page.tsx').then(({ AlertsPage }) => AlertsPage));
const CustomerPage = later(() => import('./customer/customer-page.tsx').then(({ CustomerPage }) => CustomerPage));
const CustomersPage = later(() => import('./customer/customers-page.tsx').then(({ CustomersPage }) => CustomersPage));
const CycleTimePage = later(() => import('./cycle-time-page.tsx').then(({ CycleTimePage }) => CycleTimePage));
const DataPage = later(() => import('./data-page.tsx').then(({ DataPage }) => DataPage));
const FunnelPage = later(() => import('./funnel/funnel-page.tsx').then(({ FunnelPage }) => FunnelPage));
const HealthPage = later(() => import('./health/health-page.tsx').then(({ HealthPage }) => HealthPage));
const NpsPage = later(() => import('./nps-page.tsx').then(({ NpsPage }) => NpsPage));
const PathsPage = later(() => import('./paths-page.tsx').then(({ PathsPage }) => PathsPage));

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
    case 'health':
      return <HealthPage journey={route.journey} />;
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
