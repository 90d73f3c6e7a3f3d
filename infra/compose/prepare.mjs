// `node prepare.mjs FOLDER`: makes what a deployment needs once, and leaves alone what is there.
//   FOLDER/{writer,reader,alerter}/password          of the users of ClickHouse
//   FOLDER/grafana/admin-password                    $GRAFANA_ADMIN_PASSWORD, else made here
//   FOLDER/grafana/reader-password                   of Grafana's own user of ClickHouse
//   FOLDER/keys/keys.json, FOLDER/grafana/query-key  a key by which Grafana may query
// Each folder is a volume of its own and goes only to those who need it, so its files may be read by any user in there.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [root, commandLine = '/app/main.js'] = process.argv.slice(2);
if (root === undefined) {
  process.stderr.write('Usage: node prepare.mjs FOLDER [MICHINORI]\n');
  process.exit(2);
}

/** The user of our images. */
const owner = { uid: 1000, gid: 1000 };
const isRoot = process.getuid?.() === 0;

function folder(name) {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  return path;
}

/** A file is there whole or not at all, whenever this is killed. */
function keep(path, makeText) {
  if (existsSync(path)) return;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, makeText(), { mode: 0o444 });
  renameSync(draft, path);
  process.stdout.write(`${path} made\n`);
}

const password = () => randomBytes(24).toString('base64url');
/** Whoever may make keys is the user of our images, in the running services too. */
function createKey(keysFile, name) {
  const args = ['keys', 'create', '--scope', 'query', '--name', name, '--json'];
  const env = { PATH: process.env.PATH, MICHINORI_KEYS_FILE: keysFile };
  const made = spawnSync(process.execPath, [commandLine, ...args], { encoding: 'utf8', env, ...(isRoot ? owner : {}) });
  if (made.status !== 0) {
    process.stderr.write(`${made.stderr}${made.error?.message ?? ''}\n`);
    process.exit(1);
  }
  return JSON.parse(made.stdout).key;
}

const grafana = folder('grafana');
const keys = folder('keys');
if (isRoot) chownSync(keys, owner.uid, owner.gid);
keep(join(folder('writer'), 'password'), password);
keep(join(folder('reader'), 'password'), password);
keep(join(folder('alerter'), 'password'), password);
keep(join(grafana, 'admin-password'), () => process.env.GRAFANA_ADMIN_PASSWORD || password());
keep(join(grafana, 'reader-password'), password);
keep(join(grafana, 'query-key'), () => createKey(join(keys, 'keys.json'), 'grafana'));
