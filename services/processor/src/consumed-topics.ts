import { definitionsTopic, topics } from '@michinori/events';

/** The topics that the sink turns into rows, record by record. The auditor compares them with the tables. */
export const sunkTopics: readonly string[] = [topics.events, topics.deadLetters];

/** Everything that the processor's group commits. */
export const consumedTopics: readonly string[] = [...sunkTopics, definitionsTopic];
