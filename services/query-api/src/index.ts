export { addQueryRoutes, createQueryApi, type QueryApi, type QueryApiOptions, type QueryRoutes } from './app.ts';
export { type QueryApiConfig, queryApiConfig } from './config.ts';
export { answerNotFound } from './not-found.ts';
export { type ProblemCode, problems } from './problems.ts';
