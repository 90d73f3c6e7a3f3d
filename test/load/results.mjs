// RESULTS.md: one section per benchmark, so that one alone can be measured again.

const baselines = {
  ingest: 'The baseline is a bare Fastify server that parses the JSON and answers.',
  import: `The baseline is csv-parse reading the same file into arrays of texts, nothing else. "Durable" is until the last row is in the log,
"visible" until all are in the tables and read back; the sink and the projector work in the same process meanwhile. Memory is
what the process itself holds at most (anonymous pages); with mapped files, what is resident, pages of the log and the tables included.`,
  sink: `The baseline is an insert of the same rows, already decoded, in the same batches, without reading them back. Every batch holds
as many customers as events, each with a history of 20 events more: the worst case for the projector, which derives all of
them. "The sink alone" runs the rounds of the projector with statements that do nothing.`,
  funnels: `The baseline is ClickHouse's own \`windowFunnel\` over the same rows, which knows no duplicates, times, open customers,
exclusions, gaps or accounts.`,
  journeys: `The baseline of an answer is a scan, without FINAL, of every column that its queries name, each once. That of deriving is a read
that gathers the same columns of the same customers into one array each. Events a second are those of the journey's
statement alone; the table of customers is derived beside it, once for all journeys.`,
  topology: `Kafka, ClickHouse, every service and the clients are processes of the same machine and share its cores. The baseline of
ingest is a bare kafkajs producer that writes the same records, as many a request, to a topic of as many partitions. That of
the processor is an insert of the same rows, already decoded, over HTTP into the same server, without reading them back; its
time is that of reading what ingest has just written, from the start of the process. The delay is taken from outside: from
before a probe is posted until a query on the table of events finds it, at half of what ingest or the processor with one
journey, whichever is slower, has borne in the turns before.`,
};

/** Sections by name, as they stand in the file. */
export function sectionsOf(text) {
  const parts = text.split(/^## /m).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      const body = part.slice(end).trim();
      const name = part.slice(0, end).trim();
      const baseline = baselines[name];
      return [name, baseline !== undefined && body.endsWith(baseline) ? body.slice(0, -baseline.length).trim() : body];
    }),
  );
}

/** The whole file. */
export function renderResults(names, sections) {
  const told = names
    .filter((name) => sections.has(name))
    .map((name) => `## ${name}\n\n${sections.get(name)}\n\n${baselines[name]}\n`);
  return `# Load: results

Machines differ and are noisy: compare the ratios, which come from turns of the same run; every figure is a median.

${told.join('\n')}`;
}
