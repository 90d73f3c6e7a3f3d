import { useEffect } from 'preact/hooks';
import { DeskProvider } from '../data/use-answer.tsx';
import { useKey } from '../data/use-key.ts';
import { Kiosk } from '../kiosk/kiosk.tsx';
import { Page } from '../pages/page.tsx';
import { AddressProvider, useAddress } from '../state/address.tsx';
import { useWords } from '../words/use-words.tsx';
import { Controls } from './controls.tsx';
import { KeyGate } from './key-gate.tsx';
import { Masthead } from './masthead.tsx';

/** The whole board. */
export function App() {
  return (
    <AddressProvider>
      <Keyed />
    </AddressProvider>
  );
}

function Keyed() {
  const { key, keep } = useKey();
  const { query } = useAddress();
  return (
    <DeskProvider apiKey={key}>
      <KeyGate apiKey={key} onKey={keep}>
        {query.has('kiosk') ? <Kiosk /> : <Shell />}
      </KeyGate>
    </DeskProvider>
  );
}

function Shell() {
  const { route, view } = useAddress();
  const { words, language } = useWords();
  const name = words.nav[route.page];
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${name} · ${words.product}`;
    document.documentElement.dataset.theme = view.theme;
  }, [language, name, words, view.theme]);
  return (
    <div class="shell">
      <a class="skip" href="#content">
        {words.skip}
      </a>
      <Masthead />
      <main id="content" tabIndex={-1}>
        <Controls />
        <Page route={route} />
      </main>
    </div>
  );
}
