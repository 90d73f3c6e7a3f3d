/**
 * Settings of statements that derive. Floats are read exactly, and maps are read whole, as in funnels. An aggregation of more than a
 * thousand units is split into buckets, so that all threads walk and the memory of a step stays small.
 */
export const deriveSettings =
  'precise_float_parsing = 1, optimize_functions_to_subcolumns = 0, group_by_two_level_threshold = 1000';
