export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];

/** A text that a person reads, in every language. */
export type Text = Readonly<Record<Language, string>>;

/** The same in every language: names, symbols. */
export const same = (text: string): Text => ({ en: text, ja: text });
