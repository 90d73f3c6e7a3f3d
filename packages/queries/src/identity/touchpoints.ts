/** Touchpoint of an event that merges the customer of its property `previous` (or that anonymous id) into its own. */
export const aliasTouchpoint = 'identity.alias';

/** Touchpoint of an event that undoes the alias of the same customer and the same `previous`. */
export const unaliasTouchpoint = 'identity.unalias';
