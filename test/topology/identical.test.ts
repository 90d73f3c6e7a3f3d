import { sharedKafka } from '@michinori/testing/kafka';
import { startTopology } from '@michinori/testing/topology';
import { expect, it, onTestFinished } from 'vitest';
import { allVisible, startStandalone, temporaryFolder } from '../e2e/standalone.ts';
import { type Answers, answersOf, endpoints } from './answers.ts';
import { applyDefinitions, untilDerived } from './definitions.ts';
import { type Sent, sendInput } from './input.ts';

const events = Number(process.env.MICHINORI_TEST_EVENTS ?? 5_000);
const timeoutMs = 1_800_000 + events * 2;
const kafka = sharedKafka();

async function standaloneAnswers(): Promise<{ sent: Sent; answers: Answers }> {
  const standalone = await startStandalone(temporaryFolder({ onCleanup: onTestFinished }));
  onTestFinished(() => standalone.lifecycle.stop('the test is done'));
  const desk = { url: standalone.url(), key: null };
  await applyDefinitions(desk);
  const sent = await sendInput(desk, events);
  await allVisible(standalone);
  await untilDerived(desk);
  return { sent, answers: await answersOf(desk) };
}

it(
  `${events} events: the services on Kafka and ClickHouse answer what one process answers`,
  async (context) => {
    const topology = await startTopology(context, { kafka: kafka(context), processors: 2 });
    const desk = { url: topology.queryApi.url, key: topology.key };
    const receiver = { url: topology.ingest.url, key: topology.key };
    await applyDefinitions(desk);
    const sent = await sendInput(receiver, events);
    await topology.untilVisible();
    await untilDerived(desk);
    const answers = await answersOf(desk);

    const expected = await standaloneAnswers();
    expect(sent).toEqual(expected.sent);
    expect(Object.keys(answers)).toEqual(Object.keys(expected.answers));
    const different = Object.keys(answers).filter((question) => answers[question] !== expected.answers[question]);
    expect(different.map((question) => [question, answers[question]])).toEqual(
      different.map((question) => [question, expected.answers[question]]),
    );

    const asked = Object.keys(answers);
    expect(
      endpoints().filter(({ matches }) => !asked.some(matches)),
      'endpoints that nobody asked',
    ).toEqual([]);
    // Some are about a moment before everything, because what follows depends on the clock.
    const answerable = asked.filter((question) => !/asOf=2020-01-01|never-evaluated/.test(question));
    const empty = answerable.filter((question) => /"rows":\[\]|^\[\]$/.test(answers[question] ?? ''));
    expect(empty.length, 'questions without an answer prove little').toBeLessThan(answerable.length / 10);

    const oneMore = {
      id: 'one-more',
      customer: 'one-more',
      touchpoint: 'page.pricing',
      occurredAt: '2026-01-01T00:00:00Z',
    };
    await fetch(`${receiver.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${receiver.key}` },
      body: JSON.stringify(oneMore),
    });
    await topology.untilVisible();
    const touchpoints = { path: '/v1/touchpoints?limit=1000' };
    const [[name = '', after] = []] = Object.entries(await answersOf(desk, [touchpoints]));
    expect(expected.answers[name]).toBeDefined();
    expect(after, 'one event more on one side: the comparison can fail').not.toBe(expected.answers[name]);
  },
  timeoutMs,
);
