import { JourneyQuestionError } from '@michinori/queries';

/** Refuses a question because of one parameter. @throws JourneyQuestionError */
export function refuse(pointer: string, message: string): never {
  throw new JourneyQuestionError([{ pointer, message }]);
}
