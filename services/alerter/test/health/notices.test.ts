import type { SignalChange } from '@michinori/health';
import { healthDefault } from '@michinori/journey';
import { storyJourney } from '@michinori/testing';
import { describe, expect, it } from 'vitest';
import { healthNotices } from '../../src/health/health-notices.ts';

const change: SignalChange = {
  ...{ customer: 'acme 42', signal: 'churn', change: 'raised', atUs: 2e15, raisedUs: 2e15, why: 'score' },
  ...{ stage: 'trial', score: 20, scoreBefore: 55, moved: [] },
};

function linksOf(part: Partial<SignalChange>, unit: 'customer' | 'account' = 'customer') {
  const journey = storyJourney({ id: 'using it', unit, health: healthDefault });
  const options = { always: ['crm'], boardUrl: 'https://board.example.com/' };
  const [notice] = healthNotices([{ ...change, ...part }], journey, options);
  const { boardUrl, customersUrl, customersPath } = notice?.notification ?? {};
  return [boardUrl, customersUrl, customersPath];
}

describe('the links of a message about a signal', () => {
  it('lead to the ledger of the customer among the signals, and to the customer', () => {
    expect(linksOf({})).toEqual([
      'https://board.example.com/journeys/using%20it/health?signal=churn&who=customer%3Aacme+42',
      'https://board.example.com/customers/acme%2042',
      '/v1/customers/acme%2042',
    ]);
  });

  it('say of whom only an anonymous id is known, and of accounts, what they are', () => {
    expect(linksOf({ customer: '\0a-1', signal: 'expansion' })).toEqual([
      'https://board.example.com/journeys/using%20it/health?signal=expansion&who=anonymous%3Aa-1',
      'https://board.example.com/customers/a-1?anonymous=true',
      '/v1/customers/a-1?anonymous=true',
    ]);
    expect(linksOf({}, 'account')).toEqual([
      'https://board.example.com/journeys/using%20it/health?signal=churn&who=account%3Aacme+42',
      '',
      '',
    ]);
  });
});
