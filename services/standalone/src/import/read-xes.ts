import { TextDecoder } from 'node:util';
import { importError } from './import-error.ts';
import type { SourceItem } from './source-item.ts';
import { createXesReader } from './xes-items.ts';

const headLength = 200;

/**
 * The events of an XES log, as its bytes come in. The encoding is that of the XML declaration, UTF-8 without one.
 *
 * @throws `import_file_unreadable` with line and column where the file is no XML, no XES, or not in its encoding; items before
 * that have been given out
 */
export async function* readXes(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SourceItem[]> {
  const reader = createXesReader();
  let decoder: TextDecoder | undefined;
  let head: Uint8Array = new Uint8Array(0);
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const reason = error instanceof Error ? describe(error) : String(error);
      throw importError('import_file_unreadable', `${path} can't be read: ${reason}.`, error);
    }
  };
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (decoder === undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < headLength) continue;
      decoder = attempt(() => decoderFor(head));
      bytes = head;
    }
    const decode = decoder;
    yield attempt(() => reader.push(decode.decode(bytes, { stream: true })));
  }
  const decode = decoder ?? attempt(() => decoderFor(head));
  yield attempt(() => [...reader.push(decoder === undefined ? decode.decode(head) : decode.decode()), ...reader.end()]);
}

function describe(error: Error): string {
  if ('code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return 'its bytes are not in the encoding that it names (UTF-8 where it names none)';
  return error.message.replace(/\.$/, '');
}

function decoderFor(head: Uint8Array): TextDecoder {
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  const declaration = /^[\s\S]{0,3}<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(
    Buffer.from(head).toString('latin1'),
  );
  return new TextDecoder(declaration?.[1] ?? 'utf-8', { fatal: true });
}
