// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.

export type Duration = {
  value: number;
  unit: 'second' | 'minute' | 'hour' | 'day' | 'week';
};

export type Filter = {
  property?: string | undefined;
  trait?: string | undefined;
  channel?: true | undefined;
  team?: true | undefined;
  account?: true | undefined;
  op:
    | 'eq'
    | 'neq'
    | 'in'
    | 'not_in'
    | 'contains'
    | 'not_contains'
    | 'gt'
    | 'gte'
    | 'lt'
    | 'lte'
    | 'set'
    | 'not_set'
    | 'regex';
  value?: string | number | boolean | readonly (string | number | boolean)[] | undefined;
};

export type FunnelBreakdown = {
  by: `property:${string}` | `trait:${string}` | 'channel' | 'team' | 'account';
  /** default first */
  attribution?: 'first' | 'last' | 'entry' | 'all' | `step:${number}` | undefined;
  /** 1 to 500; default 25 */
  limit?: number | undefined;
  /** at most 50 */
  bands?: readonly number[] | undefined;
};

export type FunnelExclusion = {
  touchpoint: string | readonly string[];
  /** at most 20 */
  where?: readonly Filter[] | undefined;
  after?: number | undefined;
  before?: number | undefined;
};

export type FunnelStep = {
  touchpoint: string | readonly string[];
  /** at most 20 */
  where?: readonly Filter[] | undefined;
  optional?: boolean | undefined;
  within?: Duration | undefined;
  atLeast?: Duration | undefined;
};
