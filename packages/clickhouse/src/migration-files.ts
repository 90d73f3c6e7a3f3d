import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { programmingError } from './error.ts';
import { splitStatements, withoutComments } from './split-statements.ts';

/** A migration: the statements of one file, in order. */
export interface Migration {
  /** File name without `.sql`, e.g. `0001_events`. */
  readonly name: string;
  /** SHA-256 of the text with line ends normalised, hex. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;
const idempotent =
  /^(CREATE\s+(TABLE|VIEW|MATERIALIZED\s+VIEW|DICTIONARY|FUNCTION)\s+IF\s+NOT\s+EXISTS|DROP\s+(TABLE|VIEW|DICTIONARY|FUNCTION)\s+IF\s+EXISTS|ALTER\s+TABLE\s+\w+\s+(ADD\s+(COLUMN|INDEX|PROJECTION|CONSTRAINT)\s+IF\s+NOT\s+EXISTS|DROP\s+(COLUMN|INDEX|PROJECTION|CONSTRAINT)\s+IF\s+EXISTS|MODIFY\s+(COLUMN|SETTING|COMMENT)))\b/i;

/** The folder of migrations that ships with this package, next to `src` and `dist`. */
export const shippedMigrations: URL = new URL('../migrations/', import.meta.url);

/**
 * Parses one file. Throws `BAD_MIGRATION` when its name doesn't sort, when it has no statement, or when a statement
 * can't be repeated after a kill (`IF NOT EXISTS`, `IF EXISTS`, `MODIFY …`).
 */
export function parseMigration(file: string, text: string): Migration {
  const bad = (why: string) => programmingError('BAD_MIGRATION', `migration ${file}: ${why}`);
  if (!fileName.test(file)) throw bad('the name is not NNNN_what.sql');
  const normalised = text.replaceAll('\r\n', '\n');
  const statements = splitStatements(normalised);
  if (statements.length === 0) throw bad('no statement');
  for (const statement of statements) {
    const bare = withoutComments(statement);
    if (!idempotent.test(bare)) throw bad(`can't be repeated after a kill: ${bare.slice(0, 60)}`);
  }
  const checksum = createHash('sha256').update(normalised).digest('hex');
  return { name: file.slice(0, -'.sql'.length), checksum, statements };
}

/** Reads the migrations of a folder in the order of their numbers. A number used twice is `BAD_MIGRATION`. */
export async function loadMigrations(folder: URL = shippedMigrations): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const file of files) {
    const migration = parseMigration(file, await readFile(new URL(file, folder), 'utf8'));
    if (migrations.at(-1)?.name.slice(0, 4) === migration.name.slice(0, 4)) {
      throw programmingError('BAD_MIGRATION', `migration ${file}: its number is used twice`);
    }
    migrations.push(migration);
  }
  return migrations;
}
