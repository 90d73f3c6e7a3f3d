import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { csvOf } from '../data/csv.ts';
import { savePicture, saveText } from '../data/download.ts';
import { useWords } from '../words/use-words.tsx';
import { type Column, Table } from './table.tsx';

interface FigureProps<Row> {
  title: string;
  note?: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** The rows as they are in the CSV: names as in the API, numbers as they came. */
  csv: { columns: readonly string[]; row: (row: Row) => readonly (string | number | null)[] };
  fileName: string;
  children: ComponentChildren;
}

/** A part of an answer as a picture, with the same as a table, CSV and image; whole answers are panels. */
export function Figure<Row>({ title, note, rows, columns, csv, fileName, children }: FigureProps<Row>) {
  const { words } = useWords();
  const body = useRef<HTMLDivElement>(null);
  const [isTable, setTable] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const savePng = () => {
    setFailure(null);
    if (body.current === null) return;
    savePicture(body.current, fileName).catch((reason: unknown) => setFailure(String(reason)));
  };
  return (
    <figure class="depiction">
      <figcaption>
        <h3>
          {title} {note !== undefined && <small class="faint">{note}</small>}
        </h3>
        <div class="panel-tools">
          <button type="button" class="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? words.table.chart : words.table.show}
          </button>
          <button
            type="button"
            class="quiet"
            title={words.table.csvWhy}
            onClick={() => saveText(csvOf(csv.columns, rows.map(csv.row)), fileName)}
          >
            {words.table.csv}
          </button>
          <button type="button" class="quiet" title={words.table.pngWhy} onClick={savePng}>
            {words.table.png}
          </button>
        </div>
      </figcaption>
      {failure !== null && <p role="alert">{words.table.failed(failure)}</p>}
      <div class="depiction-body" ref={body}>
        {isTable ? <Table caption={title} rows={rows} columns={columns} /> : children}
      </div>
    </figure>
  );
}
