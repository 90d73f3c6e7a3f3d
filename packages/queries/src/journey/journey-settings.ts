/**
 * Expressions aren't compiled: every question has a text of its own, so compiling would cost more than it saves (a fifth of the
 * time of `/stages` over 4 million visits).
 */
export const journeySettings = { compile_expressions: 0 } as const;
