import type { Journey, Title } from './journey.ts';

/** Number of a stage from 1, as the stored visits count them; 0 if there is none of this id. */
export function stageIndex({ stages }: Journey, id: string): number {
  return stages.findIndex((stage) => stage.id === id) + 1;
}

/** Place of a segment in `journey.segments`, from 0; −1 if the journey has none of this name. */
export function segmentIndex({ segments }: Journey, name: string): number {
  return segments.indexOf(name);
}

/**
 * A title in a language (`ja`, `pt-BR`): in the language itself, else in its main language (`pt`), else in English, else in the
 * first language by name, else the id.
 */
export function titleOf(title: Title, id: string, language: string): string {
  const texts = new Map(Object.entries(title));
  const [first] = texts.values();
  return texts.get(language) ?? texts.get(language.split('-')[0] ?? '') ?? texts.get('en') ?? first ?? id;
}

/** `lost_after` of every stage in µs, in the order of the stages; 0: silence never means lost. */
export function lossLimits({ stages }: Journey): number[] {
  return stages.map(({ lostAfterUs }) => lostAfterUs ?? 0);
}
