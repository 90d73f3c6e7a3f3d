export { benjaminiHochberg } from './false-discovery.ts';
export { fisherExact, type ProportionTest, twoProportionOrFisher } from './fisher.ts';
export { normalCdf, normalCriticalValue, normalQuantile, normalSurvival } from './normal.ts';
export { type NetPromoterScore, npsInterval } from './nps.ts';
export { type Interval, type Proportion, type TwoProportion, twoProportion, wilson } from './proportion.ts';
export { quantileR7 } from './quantile.ts';
