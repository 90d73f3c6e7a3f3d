import type { FastifyInstance } from 'fastify';
import type { ProblemCode } from '../../problems.ts';
import { QuestionError } from '../../question-error.ts';

export const yamlTypes = ['text/yaml', 'application/yaml', 'text/x-yaml', 'application/x-yaml', 'text/plain'];
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Bodies of this scope may also be YAML: then they are `{ source }`.
 *
 * @param invalid code of a text that isn't UTF-8
 * @param hint what to send instead of any other media type
 */
export function addYamlParser(scope: FastifyInstance, invalid: ProblemCode, hint: string): void {
  scope.addContentTypeParser(yamlTypes, { parseAs: 'buffer' }, async (_request: unknown, body: string | Buffer) => {
    try {
      return { source: decoder.decode(Buffer.from(body)) };
    } catch {
      throw new QuestionError(invalid, 'The text is not UTF-8.');
    }
  });
  scope.addContentTypeParser('*', async () => {
    throw new QuestionError('unsupported_media_type', hint);
  });
}
