// `node infra/image/assemble.mjs SERVICE FOLDER`: lays out in FOLDER what an image of the service holds of our own code:
// manifests, compiled JavaScript and the files that it reads, of the service and of the packages that it needs.
// `main.js` leads to the entry, `service` holds the name. Dependencies of others come by `pnpm install --prod` in that folder afterwards, from the same lock file.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scope = '@michinori/';

/** Folders beside `dist` that are read when the product runs. */
const readWhenRunning = ['bin', 'migrations'];

/** Files outside of the packages that a service reads. */
const readElsewhere = { standalone: ['infra/journeys', 'infra/alerts/rules.yaml'] };

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

/** Every workspace folder by its package's name. */
function workspaceFolders() {
  const folders = ['packages', 'services'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => `${kind}/${name}`),
  );
  const packages = folders.filter((folder) => existsSync(join(root, folder, 'package.json')));
  return new Map(packages.map((folder) => [manifestOf(folder).name, folder]));
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** The folder of the service and of everything of ours that it needs to run, directly or not. */
function closure(service) {
  const folders = workspaceFolders();
  const wanted = [];
  const visit = (name) => {
    const folder = folders.get(name) ?? fail(`There is no workspace package ${name}.`);
    if (wanted.includes(folder)) return;
    wanted.push(folder);
    const dependencies = Object.keys(manifestOf(folder).dependencies ?? {});
    for (const dependency of dependencies) if (dependency.startsWith(scope)) visit(dependency);
  };
  visit(`${scope}${service}`);
  return wanted;
}

function copy(path, target, filter = () => true) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  cpSync(join(root, path), join(target, path), { recursive: true, filter });
}

const isRunnable = (path) => statSync(path).isDirectory() || /\.(js|json|html|css|svg|gz)$/.test(path);

const [service, target] = process.argv.slice(2);
if (service === undefined || target === undefined) fail('Usage: node infra/image/assemble.mjs SERVICE FOLDER');

for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) copy(file, target);
for (const folder of closure(service)) {
  if (!existsSync(join(root, folder, 'dist'))) fail(`${folder} isn't compiled: run tsc -b first.`);
  const isBuiltApart = existsSync(join(root, folder, 'build.mjs'));
  if (isBuiltApart && !existsSync(join(root, folder, 'dist/site')))
    fail(`${folder} isn't built: run its build.mjs first.`);
  copy(`${folder}/package.json`, target);
  copy(`${folder}/dist`, target, isRunnable);
  for (const name of readWhenRunning) if (existsSync(join(root, folder, name))) copy(`${folder}/${name}`, target);
}
for (const path of readElsewhere[service] ?? []) copy(path, target);
writeFileSync(join(target, 'service'), `${service}\n`);
symlinkSync(`services/${service}/dist/main.js`, join(target, 'main.js'));
