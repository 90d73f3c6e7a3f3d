import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { pathOf, type Route, readRoute } from './route.ts';
import { carriedOver, readView, type Surroundings, type View, writeView } from './view.ts';

/** Where the reader is, and the ways to somewhere else. The address of the browser is the only state. */
export interface Address {
  route: Route;
  query: URLSearchParams;
  view: View;
  /** Address of another page with what all pages share. */
  to(route: Route, query?: Record<string, string | readonly string[]>): string;
  go(href: string): void;
  /** Changes what all pages share. */
  setView(change: Partial<View>): void;
  /** Changes parameters of this page; null takes one away. With `replace` the step back isn't remembered. */
  setQuery(change: Record<string, string | readonly string[] | null>, options?: { replace?: boolean }): void;
}

const AddressContext = createContext<Address | null>(null);

export function useAddress(): Address {
  const address = useContext(AddressContext);
  if (address === null) throw new Error('There is no AddressProvider above.');
  return address;
}

/** Follows the address of the browser, and links to pages of the board without loading the document again. */
export function AddressProvider({ children }: { children: ComponentChildren }) {
  const [href, setHref] = useState(() => location.pathname + location.search);
  useEffect(() => {
    const follow = () => setHref(location.pathname + location.search);
    addEventListener('popstate', follow);
    document.addEventListener('click', followLink);
    return () => {
      removeEventListener('popstate', follow);
      document.removeEventListener('click', followLink);
    };
  }, []);
  const address = useMemo(() => addressOf(href), [href]);
  return <AddressContext.Provider value={address}>{children}</AddressContext.Provider>;
}

function addressOf(href: string): Address {
  const url = new URL(href, location.origin);
  const query = url.searchParams;
  const withQuery = (next: URLSearchParams) => (next.size === 0 ? url.pathname : `${url.pathname}?${next}`);
  return {
    route: readRoute(url.pathname),
    query,
    view: readView(query, surroundings()),
    to(route, more = {}) {
      const next = carriedOver(query);
      for (const [name, value] of Object.entries(more)) {
        next.delete(name);
        for (const one of [value].flat()) next.append(name, one);
      }
      return next.size === 0 ? pathOf(route) : `${pathOf(route)}?${next}`;
    },
    go: (target) => visit(target, false),
    setView: (change) => visit(withQuery(writeView(query, change)), false),
    setQuery(change, { replace = false } = {}) {
      const next = new URLSearchParams(query);
      for (const [name, value] of Object.entries(change)) {
        next.delete(name);
        // An empty one of several has its place: a step that is still to be named.
        const kept = Array.isArray(value) ? value : [value].filter((one) => one !== null && one !== '');
        for (const one of kept) next.append(name, one);
      }
      visit(withQuery(next), replace);
    },
  };
}

export function surroundings(): Surroundings {
  return { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC', languages: navigator.languages };
}

function visit(href: string, replace: boolean): void {
  if (href === location.pathname + location.search) return;
  const isOtherPage = new URL(href, location.origin).pathname !== location.pathname;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  dispatchEvent(new PopStateEvent('popstate'));
  if (isOtherPage) scrollTo({ top: 0 });
}

function followLink(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (link === null || !isPlain || event.defaultPrevented || link.target !== '' || link.dataset.board === undefined)
    return;
  event.preventDefault();
  visit(link.pathname + link.search, false);
}
