// `node packages/board/scripts/pictures.mjs [--url http://127.0.0.1:8080] [--journey customer-success] [--only map,funnel]`: takes the
// pictures of the README from a board that runs on the demo data (`npm start`), in English and Japanese, into docs/pictures.
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findChromium } from '@michinori/testing/chromium';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    journey: { type: 'string', default: 'customer-success' },
    only: { type: 'string' },
  },
});
const url = values.url.replace(/\/+$/, '');
const journey = `/journeys/${encodeURIComponent(values.journey)}`;
const wide = { width: 1360, height: 850 };
const high = { width: 1360, height: 1060 };
const funnel = 'step=demo.requested|trial.started&step=contract.signed&step=value.milestone&window=90d&by=trait:plan';
const scenes = [
  { name: 'map', address: `${journey}/map?range=365d`, size: high, settled: '.stage-entered' },
  {
    name: 'funnel',
    address: `/funnel?range=180d&${funnel}`,
    size: wide,
    settled: '.funnel-row',
    top: '.panel:has(.funnel)',
  },
  { name: 'cycle-time', address: `${journey}/cycle-time?improvement=demo-release`, size: wide, settled: '.chart svg' },
  { name: 'health', address: `${journey}/health`, size: wide, settled: '.panel-body' },
  {
    name: 'wall',
    address: `${journey}/map?range=365d&kiosk`,
    size: { width: 1600, height: 900 },
    settled: '.stage-entered',
    dark: true,
  },
];

const executablePath = findChromium();
if (executablePath === null) {
  console.error('No Chromium: set CHROMIUM_PATH, or install it.');
  process.exit(78);
}
const wanted = values.only?.split(',');
const unknown = wanted?.find((name) => scenes.every((scene) => scene.name !== name));
if (unknown !== undefined) {
  console.error(`There is no picture ${unknown}; there are ${scenes.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

async function take(browser, { name, address, size, settled, top, dark = false }, language) {
  const context = await browser.newContext({
    viewport: size,
    timezoneId: 'Asia/Tokyo',
    locale: language,
    reducedMotion: 'reduce',
    colorScheme: dark ? 'dark' : 'light',
  });
  try {
    const page = await context.newPage();
    await page.goto(`${url}${address}${address.includes('?') ? '&' : '?'}lang=${language}&tz=Asia%2FTokyo`);
    await page.locator(settled).first().waitFor({ timeout: 60_000 });
    await page.locator('.loading').first().waitFor({ state: 'detached', timeout: 60_000 });
    await page.locator('.chart:not(:has(svg))').first().waitFor({ state: 'detached' });
    if (top !== undefined) await page.locator(top).evaluate((panel) => window.scrollTo(0, panel.offsetTop - 24));
    const path = `${folder}/${name}.${language}.png`;
    await page.screenshot({ path });
    console.log(`${name}.${language}.png  ${Math.round(statSync(path).size / 1024)} kB`);
  } finally {
    await context.close();
  }
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] });
try {
  for (const scene of scenes.filter(({ name }) => wanted?.includes(name) ?? true)) {
    for (const language of ['en', 'ja']) await take(browser, scene, language);
  }
} finally {
  await browser.close();
}
