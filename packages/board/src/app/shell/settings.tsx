import { useKey } from '../data/use-key.ts';
import { Choice } from '../parts/choice.tsx';
import { surroundings, useAddress } from '../state/address.tsx';
import { languages, themes } from '../state/view.ts';
import { useWords } from '../words/use-words.tsx';

const languageNames = { en: 'English', ja: '日本語' };

/** Language, time zone, colours, wall screen. */
export function Settings() {
  const { view, query, setView, setQuery } = useAddress();
  const { words } = useWords();
  const { key, keep } = useKey();
  const usual = [view.timezone, surroundings().timezone, 'UTC', 'Asia/Tokyo', ...Intl.supportedValuesOf('timeZone')];
  return (
    <details class="settings">
      <summary>{words.controls.settings}</summary>
      <div class="settings-body">
        <Choice
          label={words.controls.language}
          value={view.language}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChoose={(language) => setView({ language })}
        />
        <Choice
          label={words.controls.timezone}
          value={view.timezone}
          options={[...new Set(usual)].map((value) => ({ value, label: value }))}
          onChoose={(timezone) => setView({ timezone })}
        />
        <Choice
          label={words.controls.theme}
          value={view.theme}
          options={themes.map((value) => ({ value, label: words.controls.themes[value] }))}
          onChoose={(theme) => setView({ theme })}
        />
        <button type="button" onClick={() => setQuery({ kiosk: query.get('kiosk') ?? '20' })}>
          {words.controls.kiosk}
        </button>
        {key !== null && (
          <button
            type="button"
            onClick={() => {
              keep(null);
              location.reload();
            }}
          >
            {words.key.forget}
          </button>
        )}
      </div>
    </details>
  );
}
