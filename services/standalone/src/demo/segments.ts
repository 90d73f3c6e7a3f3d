import {
  companyTails,
  englishCompanyHeads,
  englishFamilies,
  englishGivens,
  japaneseCompanyHeads,
  japaneseFamilies,
  japaneseGivens,
} from './names.ts';
import { createRng, type Rng, type Weighted } from './rng.ts';

export type Plan = 'starter' | 'pro' | 'enterprise';
export type Industry = keyof typeof companyTails;
export type Area = 'japan' | 'abroad';

const plans: readonly Weighted<Plan>[] = [
  ['starter', 42],
  ['pro', 38],
  ['enterprise', 20],
];
const industries: readonly Weighted<Industry>[] = [
  ['manufacturing', 24],
  ['retail', 20],
  ['software', 20],
  ['finance', 12],
  ['healthcare', 12],
  ['logistics', 12],
];

/** A region with the offset of its office hours from UTC. */
interface Region {
  id: string;
  area: Area;
  utcOffsetHours: number;
  currency: string;
}
const japan = (id: string): Region => ({ id, area: 'japan', utcOffsetHours: 9, currency: 'JPY' });
const regions: readonly Weighted<Region>[] = [
  [japan('kanto'), 36],
  [japan('kansai'), 17],
  [japan('chubu'), 11],
  [japan('kyushu'), 9],
  [japan('hokkaido-tohoku'), 7],
  [{ id: 'emea', area: 'abroad', utcOffsetHours: 1, currency: 'EUR' }, 11],
  [{ id: 'amer', area: 'abroad', utcOffsetHours: -5, currency: 'USD' }, 9],
];
const roles: readonly Weighted<string>[] = [
  ['ops', 34],
  ['admin', 18],
  ['manager', 24],
  ['analyst', 16],
  ['executive', 8],
];

/** A company. Plan, industry and region are the company's; every person of it shares them. */
export interface Account {
  id: string;
  company: string;
  plan: Plan;
  industry: Industry;
  region: string;
  area: Area;
  utcOffsetHours: number;
  currency: string;
}

export interface Person {
  index: number;
  id: string;
  anonymous: string;
  name: string;
  role: string;
  account: Account;
}

/** The companies of a world. Industry, region within an area and role have no true effect on any outcome. */
export function drawAccounts(seed: number, count: number): Account[] {
  return Array.from({ length: count }, (_, index) => {
    const rng = createRng(seed, 1, index);
    const industry = rng.weighted(industries);
    const region = rng.weighted(regions);
    const [japaneseTail, englishTail, latinTail] = companyTails[industry];
    const isJapanese = region.area === 'japan';
    const [head, latinHead] = rng.pick(isJapanese ? japaneseCompanyHeads : englishCompanyHeads);
    return {
      id: `${latinHead}-${latinTail}-${index + 1}`,
      company: isJapanese ? `${head}${japaneseTail}` : `${head} ${englishTail}`,
      plan: rng.weighted(plans),
      industry,
      region: region.id,
      area: region.area,
      utcOffsetHours: region.utcOffsetHours,
      currency: region.currency,
    };
  });
}

export function drawPerson(rng: Rng, index: number, account: Account): Person {
  const isJapanese = account.area === 'japan';
  const [family, latin] = rng.pick(isJapanese ? japaneseFamilies : englishFamilies);
  const [given] = rng.pick(isJapanese ? japaneseGivens : englishGivens);
  const tag = (rng.integer(0x10000) * 0x10000 + rng.integer(0x10000)).toString(16).padStart(8, '0');
  return {
    index,
    id: `${latin}-${index + 1}`,
    anonymous: `a-${tag}${index.toString(16).padStart(5, '0')}`,
    name: isJapanese ? `${family} ${given}` : `${given} ${family}`,
    role: rng.weighted(roles),
    account,
  };
}
