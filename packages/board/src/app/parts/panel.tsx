import type { Question } from '@michinori/client';
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { saveCsv, savePicture } from '../data/download.ts';
import { useAnswer, useDesk } from '../data/use-answer.tsx';
import { useWords } from '../words/use-words.tsx';
import { Empty, Failure } from './notice.tsx';
import { type Column, Table } from './table.tsx';

interface PanelProps<Row, Meta> {
  title: string;
  question: Question<Row, Meta>;
  /** The rows in words, above the picture. */
  sentence?: (rows: readonly Row[], meta: Meta) => ComponentChildren;
  picture: (rows: readonly Row[], meta: Meta) => ComponentChildren;
  /** The same as a table; without, the picture is a table already. */
  columns?: readonly Column<Row>[];
  actions?: ComponentChildren;
  fileName: string;
  /** In place of "nothing in this range". */
  empty?: ComponentChildren;
}

/** An answer as a picture, with the same as a table, CSV and image. Shows the old answer while a newer one is on its way. */
export function Panel<Row, Meta>(props: PanelProps<Row, Meta>) {
  const { title, question, sentence, picture, columns, actions, fileName, empty } = props;
  const { words } = useWords();
  const { client } = useDesk();
  const known = useAnswer(question);
  const body = useRef<HTMLDivElement>(null);
  const [isTable, setTable] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { answer, error } = known;
  const hasRows = answer !== null && answer.rows.length > 0;
  const save = (run: () => Promise<void>) => {
    setFailure(null);
    run().catch((reason: unknown) => setFailure(reason instanceof Error ? reason.message : String(reason)));
  };

  return (
    <section class="panel" aria-label={title} aria-busy={answer === null && known.isAsking}>
      <header class="panel-head">
        <h2>{title}</h2>
        {actions}
        {hasRows && (
          <div class="panel-tools">
            {columns !== undefined && (
              <button type="button" class="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
                {isTable ? words.table.chart : words.table.show}
              </button>
            )}
            <button
              type="button"
              class="quiet"
              title={words.table.csvWhy}
              onClick={() => save(() => saveCsv(client, question, fileName))}
            >
              {words.table.csv}
            </button>
            <button
              type="button"
              class="quiet"
              title={words.table.pngWhy}
              onClick={() =>
                save(async () => (body.current === null ? undefined : savePicture(body.current, fileName)))
              }
            >
              {words.table.png}
            </button>
          </div>
        )}
      </header>
      {failure !== null && <p role="alert">{words.table.failed(failure)}</p>}
      {error !== null && answer === null && <Failure error={error} />}
      {answer === null && error === null && <Loading />}
      {answer !== null && !hasRows && (empty ?? <Empty />)}
      {hasRows && (
        <div class="panel-body" ref={body}>
          {sentence !== undefined && <p class="sentence">{sentence(answer.rows, answer.meta)}</p>}
          {isTable && columns !== undefined ? (
            <Table caption={title} rows={answer.rows} columns={columns} />
          ) : (
            picture(answer.rows, answer.meta)
          )}
        </div>
      )}
    </section>
  );
}

/** Grey bars where the picture will be. */
export function Loading() {
  const { words } = useWords();
  return (
    <div class="loading" role="status">
      <span class="hidden">{words.states.loading}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
