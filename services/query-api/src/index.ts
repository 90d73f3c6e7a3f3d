export { addQueryRoutes, createQueryApi, type QueryApi, type QueryApiOptions, type QueryRoutes } from './app.ts';
export {
  loadQueryApiConfig,
  type QueryApiConfig,
  type QueryApiProcessConfig,
  queryApiProcessSettings,
  queryApiSettings,
} from './config.ts';
export { answerNotFound } from './not-found.ts';
export { type ProblemCode, problems } from './problems.ts';
export { assertPatterns } from './question/patterns.ts';
export { readQuestion } from './question/validator.ts';
export { QuestionError } from './question-error.ts';
export { queryApiService } from './service.ts';
