// `node packages/board/build.mjs`: builds the pages into dist/site, with a gzipped copy beside every file, unless what they
// are made of is the same as last time.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const site = join(here, 'dist/site');
const stamp = join(here, 'dist/.site');

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });

function fingerprint() {
  const hash = createHash('sha256');
  const single = ['index.html', 'vite.config.ts', 'package.json', 'build.mjs', '../../pnpm-lock.yaml'].map((name) =>
    join(here, name),
  );
  for (const path of [
    ...single.filter(existsSync),
    ...filesBelow(join(here, 'src')),
    ...filesBelow(join(here, '../client/src')),
  ]) {
    hash.update(relative(here, path)).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const print = fingerprint();
const isBuilt = existsSync(join(site, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
if (!isBuilt) {
  const { build } = await import('vite');
  await build({ root: here, logLevel: 'warn' });
  for (const path of filesBelow(site)) {
    if (/\.(js|css|svg)$/.test(path) && statSync(path).size > 1024) {
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION }));
    }
  }
  writeFileSync(stamp, print);
}
