// `node packages/board/bench/first-picture.mjs [--url http://127.0.0.1:8080] [--turns 9] [--json]`: how long a browser that has never
// been here takes from the address to the first useful picture, the map with its numbers, beside what the server alone takes to
// answer for it and beside an empty page in the same browser. Ask a board that runs (`npm start`).
import { parseArgs } from 'node:util';
import { findChromium } from '@michinori/testing/chromium';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    turns: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});
const url = values.url.replace(/\/+$/, '');
const turns = Number(values.turns);
if (!Number.isInteger(turns) || turns < 1) {
  console.error(`--turns ${values.turns} is no number of turns`);
  process.exit(2);
}
const executablePath = findChromium();
if (executablePath === null) {
  console.error('No Chromium: set CHROMIUM_PATH, or install it.');
  process.exit(78);
}

/** Runs in the page: remembers when the first card of a stage was painted, in ms since the navigation began. */
function watchFirstPicture() {
  new MutationObserver((_, observer) => {
    if (document.querySelector('.stage-entered') === null) return;
    observer.disconnect();
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        globalThis.firstPictureMs = performance.now();
      }),
    );
  }).observe(document, { childList: true, subtree: true });
}

async function inNewBrowser(browser, act) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    return await act(await context.newPage());
  } finally {
    await context.close();
  }
}

const firstPicture = (browser) =>
  inNewBrowser(browser, async (page) => {
    const answers = [];
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).pathname.startsWith('/v1/')) answers.push(request.timing().responseEnd);
    });
    await page.addInitScript(watchFirstPicture);
    await page.goto(`${url}/`);
    const handle = await page.waitForFunction(() => globalThis.firstPictureMs, undefined, { timeout: 60_000 });
    return { pictureMs: await handle.jsonValue(), slowestAnswerMs: Math.max(...answers) };
  });

const emptyPage = (browser) =>
  inNewBrowser(browser, async (page) => {
    await page.goto(`${url}/livez`);
    return page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd);
  });

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const pictures = [];
const empties = [];
try {
  for (let turn = 0; turn < turns; turn++) {
    pictures.push(await firstPicture(browser));
    empties.push(await emptyPage(browser));
  }
} finally {
  await browser.close();
}
const rounded = (number) => Math.round(number);
const taken = pictures.map(({ pictureMs }) => pictureMs);
const answer = {
  turns,
  firstPictureMs: {
    median: rounded(median(taken)),
    least: rounded(Math.min(...taken)),
    most: rounded(Math.max(...taken)),
  },
  slowestAnswerMs: { median: rounded(median(pictures.map(({ slowestAnswerMs }) => slowestAnswerMs))) },
  emptyPageMs: { median: rounded(median(empties)) },
};
if (values.json) console.log(JSON.stringify(answer));
else {
  console.log(
    `First picture        ${answer.firstPictureMs.median} ms, median of ${turns} (${answer.firstPictureMs.least}–${answer.firstPictureMs.most})`,
  );
  console.log(`of it the slowest answer of the API  ${answer.slowestAnswerMs.median} ms`);
  console.log(`an empty page in the same browser    ${answer.emptyPageMs.median} ms`);
}
