/** What is wrong with one parameter. `known` are the names that would have been right, `given` is what came instead. */
export interface JourneyQuestionProblem {
  readonly pointer: string;
  readonly message: string;
  readonly known?: readonly string[];
  readonly given?: string;
}

/** A question that names what the journey doesn't have; for the wire a 400 with a pointer for each. */
export class JourneyQuestionError extends Error {
  readonly code = 'INVALID_JOURNEY_QUESTION';
  readonly canRetry = false;
  readonly problems: readonly JourneyQuestionProblem[];

  constructor(problems: readonly JourneyQuestionProblem[]) {
    super(problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; '));
    this.name = 'JourneyQuestionError';
    this.problems = problems;
  }
}
