import { type Column, Table } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { HealthDefinition } from './definition.ts';
import { factOf, type LedgerLine, signedPoints, withSums } from './ledger.ts';

interface LedgerProps {
  lines: readonly LedgerLine[];
  stage: string;
  health: HealthDefinition;
}

/** Every point of a score: the rule, the fact behind it, and the sum so far. */
export function LedgerTable({ lines, stage, health }: LedgerProps) {
  const { words, format } = useWords();
  const rules = new Map(health.rulesOf(stage).map((rule) => [rule.id, rule]));
  const nameOf = ({ line, rule }: LedgerLine) => {
    if (line === 'start') return words.health.start;
    return line === 'clamp' ? words.health.clamp : health.titleOf(rule ?? '', stage);
  };
  const columns: Column<LedgerLine & { sum: number }>[] = [
    { title: words.health.line, cell: nameOf },
    {
      title: words.health.fact,
      cell: (line) => <span class="faint">{factOf(line, rules.get(line.rule ?? '') ?? null, words, format)}</span>,
    },
    {
      title: words.health.points,
      cell: ({ points }) => <span class={points < 0 ? 'lost' : ''}>{signedPoints(points, format)}</span>,
      isNumber: true,
    },
    { title: words.health.sum, cell: ({ sum }) => format.count(sum), isNumber: true },
  ];
  return <Table caption={words.health.ledger} rows={withSums(lines)} columns={columns} />;
}
