import { describe, expect, test } from 'vitest';
import { answersFrom, findViolations, nothingWrong, type SentEvent, type Shown } from './conservation.ts';

const content = (id: string, touchpoint = 'opened') => ({ touchpoint, customer: `c-${id}` });

function sent(id: string, fields: Partial<SentEvent> = {}): SentEvent {
  return { id, kind: 'event', contents: [content(id)], winner: null, acknowledged: 1, unanswered: 0, ...fields };
}

const book = [
  sent('plain', { winner: content('plain') }),
  sent('repeated', { winner: content('repeated'), acknowledged: 3, unanswered: 2 }),
  sent('unanswered', { acknowledged: 0, unanswered: 1 }),
  sent('missing', { acknowledged: 0, unanswered: 1 }),
  sent('overruled', {
    contents: [content('overruled'), content('overruled', 'closed')],
    winner: content('overruled'),
    acknowledged: 2,
  }),
  sent('raced', { contents: [content('raced'), content('raced', 'closed')], acknowledged: 2 }),
  sent('bad', { kind: 'rejected' }),
  sent('bad-cut', { kind: 'rejected', acknowledged: 1, unanswered: 1 }),
];
const ledger = new Map(book.map((event) => [event.id, event]));

const visible = (id: string, touchpoint = 'opened') => ({ id, ...content(id, touchpoint) });
const right: Shown = {
  events: [
    visible('plain'),
    visible('repeated'),
    visible('unanswered'),
    visible('overruled'),
    visible('raced', 'closed'),
  ],
  letters: ['bad', 'bad-cut'],
  repeatedPlaces: 0,
};

const without = (id: string): Shown => ({ ...right, events: right.events.filter((event) => event.id !== id) });
const withEvent = (event: Shown['events'][number]): Shown => ({ ...right, events: [...right.events, event] });

describe('the comparison', () => {
  test('finds nothing where nothing is wrong', () => {
    expect(findViolations(ledger, right)).toEqual(nothingWrong);
    expect(findViolations(ledger, without('unanswered'))).toEqual(nothingWrong);
    expect(findViolations(ledger, { ...right, letters: ['bad', 'bad-cut', 'bad-cut'] })).toEqual(nothingWrong);
  });

  test.each(['plain', 'repeated', 'overruled', 'raced'])('finds %s lost', (id) => {
    expect(findViolations(ledger, without(id))).toEqual({ ...nothingWrong, lost: [id] });
  });

  test.each(right.events)('finds $id doubled', (event) => {
    expect(findViolations(ledger, withEvent(event))).toEqual({ ...nothingWrong, doubled: [event.id] });
  });

  test('finds two contents of one id side by side', () => {
    expect(findViolations(ledger, withEvent(visible('raced')))).toEqual({ ...nothingWrong, doubled: ['raced'] });
  });

  test('finds a later copy in place of the first one', () => {
    const shown = { ...without('overruled') };
    shown.events = [...shown.events, visible('overruled', 'closed')];
    expect(findViolations(ledger, shown)).toEqual({ ...nothingWrong, wrongWinner: ['overruled'] });
  });

  test('finds what was never sent', () => {
    expect(findViolations(ledger, withEvent(visible('stranger')))).toEqual({
      ...nothingWrong,
      neverSent: ['stranger'],
    });
    const bent = { ...without('plain') };
    bent.events = [...bent.events, visible('plain', 'opene')];
    expect(findViolations(ledger, bent)).toEqual({ ...nothingWrong, neverSent: ['plain'] });
    expect(findViolations(ledger, withEvent(visible('bad')))).toEqual({ ...nothingWrong, neverSent: ['bad'] });
  });

  test('finds dead letters that are lost, doubled, or of nothing that was refused', () => {
    const withLetters = (letters: string[]) => findViolations(ledger, { ...right, letters });
    expect(withLetters(['bad-cut'])).toEqual({ ...nothingWrong, lettersLost: ['bad'] });
    expect(withLetters(['bad', 'bad', 'bad-cut'])).toEqual({ ...nothingWrong, lettersDoubled: ['bad'] });
    expect(withLetters(['bad', 'bad-cut', 'plain'])).toEqual({ ...nothingWrong, lettersNeverSent: ['plain'] });
  });

  test('finds a place of the log that has two rows', () => {
    expect(findViolations(ledger, { ...right, repeatedPlaces: 1 })).toEqual({ ...nothingWrong, repeatedPlaces: 1 });
  });
});

test('the answers that follow from the rows count events, customers, and customers with two events', () => {
  expect(answersFrom(withEvent(visible('raced')))).toEqual({
    touchpoints: new Map([
      ['opened', 5],
      ['closed', 1],
    ]),
    customers: 5,
    customersWithTwo: 1,
    letters: ['bad', 'bad-cut'],
  });
});
