export {
  type CallOptions,
  type Client,
  type ClientOptions,
  type CsvStream,
  createClient,
  type RowStream,
} from './client.ts';
export * from './generated/questions.ts';
export { clientCodes, ProblemError, type ProblemPlace } from './problem-error.ts';
export type { Answer, FlatRow, PagedMeta, Question, Scalar } from './question.ts';
