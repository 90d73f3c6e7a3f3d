import { createClient, funnels, touchpoints } from '@michinori/client';

const { MICHINORI_URL: url = 'http://127.0.0.1:8080', MICHINORI_KEY: key } = process.env;
const client = createClient({ url, key });

// Entries of half a year, far enough back for the 120 days of the window to have passed.
const { meta } = await client.ask(touchpoints.list({ limit: 1 }));
const daysBeforeTheLatest = (days: number) =>
  new Date(Date.parse(meta.watermark ?? '') - days * 86_400_000).toISOString();

const { rows } = await client.ask(
  funnels.query({
    steps: [
      { touchpoint: ['demo.requested', 'trial.started'] },
      { touchpoint: 'contract.signed' },
      { touchpoint: 'value.milestone' },
    ],
    window: { value: 120, unit: 'day' },
    from: daysBeforeTheLatest(300),
    to: daysBeforeTheLatest(120),
    breakdown: { by: 'trait:plan', attribution: 'entry' },
  }),
);

const percent = (share: number | null) => `${((share ?? 0) * 100).toFixed(1)} %`;
for (const { segment, step, touchpoint, customers, rate, lo, hi, state } of rows) {
  const certainty = state === 'ok' ? `${percent(lo)} to ${percent(hi)}` : state;
  process.stdout.write(`${segment}  ${step}. ${touchpoint}: ${customers} customers, ${percent(rate)} (${certainty})\n`);
}
