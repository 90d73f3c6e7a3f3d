import { figuresOf } from './figures.ts';
import { localText, type Notification, segmentLabel } from './notification.ts';
import { clipSlack, escapeSlack, slackLink } from './slack-text.ts';

const headerLengthMax = 150;
const textLengthMax = 3000;
const fieldLengthMax = 2000;

const words = {
  en: {
    firing: 'Firing',
    resolved: 'Resolved',
    journey: 'Journey',
    stage: 'Stage',
    segment: 'Segment',
    touchpoint: 'Touchpoint',
    everybody: 'everybody',
    board: 'Board',
    customers: 'Customers',
    runbook: 'What to do',
  },
  ja: {
    firing: '発生',
    resolved: '解消',
    journey: 'ジャーニー',
    stage: 'ステージ',
    segment: 'セグメント',
    touchpoint: 'タッチポイント',
    everybody: '全体',
    board: 'ボード',
    customers: '顧客一覧',
    runbook: '対応手順',
  },
} as const;

/** A language that messages have words of their own in; anything else gets English ones. */
export function slackWords(locale: string): (typeof words)['en'] | (typeof words)['ja'] {
  return locale.split('-')[0] === 'ja' ? words.ja : words.en;
}

/**
 * A notification as the body of an incoming webhook of Slack: blocks, and the same as plain `text` for notifications, screen readers and the compatible receivers
 * that know no blocks (Mattermost, Rocket.Chat). Lengths stay within Slack's limits (Block Kit reference). Pure.
 */
export function slackPayload(notification: Notification, locale: string): string {
  const { state, journey, stage, severity } = notification;
  const say = slackWords(locale);
  const title = `${say[state]}: ${localText(notification.title, locale)}`;
  const text = localText(notification.text, locale);
  const links = [
    { url: notification.boardUrl, name: say.board },
    { url: notification.customersUrl, name: say.customers },
    { url: notification.runbookUrl ?? '', name: say.runbook },
  ]
    .filter(({ url }) => url !== '')
    .map(({ url, name }) => slackLink(url, name))
    .join('  ·  ');
  const fields = [
    [say.journey, journey],
    [say.stage, stage],
    [say.segment, segmentLabel(notification) || say.everybody],
    ...(notification.touchpoint === null ? [] : [[say.touchpoint, notification.touchpoint]]),
    ...figuresOf(notification, locale),
  ].map(([name = '', value = '']) => field(name, value));

  return JSON.stringify({
    text: [clipSlack(title, headerLengthMax), clipSlack(text, textLengthMax), links]
      .filter((part) => part !== '')
      .join('\n'),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clipSlack(title, headerLengthMax), emoji: false } },
      ...(text === '' ? [] : [section(clipSlack(text, textLengthMax))]),
      { type: 'section', fields: fields.slice(0, 10) },
      ...(links === '' ? [] : [section(links)]),
      { type: 'context', elements: [{ type: 'mrkdwn', text: `${escapeSlack(severity)}  ·  ${notification.id}` }] },
    ],
  });
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

const field = (name: string, value: string) => ({
  type: 'mrkdwn',
  text: clipFieldOf(name, value),
});

function clipFieldOf(name: string, value: string): string {
  const head = `*${escapeSlack(name)}*\n`;
  return `${head}${clipSlack(value, fieldLengthMax - head.length)}`;
}
