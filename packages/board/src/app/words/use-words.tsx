import { useMemo } from 'preact/hooks';
import { createFormat, type Format } from '../format/format.ts';
import { useAddress } from '../state/address.tsx';
import type { Language } from '../state/view.ts';
import { en, type Words } from './en.ts';
import { ja } from './ja.ts';

const all: Record<Language, Words> = { en, ja };

/** The words of the language that was chosen, and numbers and times in it. */
export function useWords(): { words: Words; format: Format; language: Language } {
  const { language, timezone } = useAddress().view;
  return useMemo(() => {
    const words = all[language];
    return { words, format: createFormat(language, timezone, words), language };
  }, [language, timezone]);
}
