import { segments } from '@michinori/client';
import { useId } from 'preact/hooks';
import { useAnswer } from '../../data/use-answer.tsx';
import { TypedInput } from '../../parts/typed-input.tsx';
import { useWords } from '../../words/use-words.tsx';
import {
  type FilterDraft,
  filterOps,
  hasName,
  type Subject,
  subjectKinds,
  takesList,
  takesValue,
} from './filter-draft.ts';

interface FilterRowsProps {
  /** Of what: said before every control, so that they can be told apart without seeing. */
  of: string;
  filters: readonly FilterDraft[];
  onChange: (filters: readonly FilterDraft[]) => void;
}

/** Filters, a row each: what is looked at, how, for which value. */
export function FilterRows({ of, filters, onChange }: FilterRowsProps) {
  const { words, format } = useWords();
  const fresh: FilterDraft = { subject: { kind: 'trait', name: '' }, op: 'eq', values: [] };
  return (
    <div class="filters">
      {filters.map((filter, at) => (
        <FilterRow
          key={at}
          of={`${of}, ${words.funnelForm.filterNumber(format.count(at + 1))}`}
          filter={filter}
          onChange={(next) => onChange(filters.with(at, next))}
          onRemove={() => onChange(filters.toSpliced(at, 1))}
        />
      ))}
      <button type="button" class="quiet" disabled={filters.length >= 20} onClick={() => onChange([...filters, fresh])}>
        {words.funnelForm.addFilter}
        <span class="hidden">: {of}</span>
      </button>
    </div>
  );
}

interface FilterRowProps {
  of: string;
  filter: FilterDraft;
  onChange: (filter: FilterDraft) => void;
  onRemove: () => void;
}

function FilterRow({ of, filter, onChange, onRemove }: FilterRowProps) {
  const { words } = useWords();
  const known = useAnswer(segments.list()).answer?.rows ?? [];
  const list = useId();
  const { subject, op, values } = filter;
  const suggested = known.filter(({ segment }) => subject.kind === 'trait' && segment === subject.name);
  return (
    <div class="filter-row">
      <SubjectFields of={of} subject={subject} onChange={(next) => onChange({ ...filter, subject: next })} />
      <select
        aria-label={`${of}: ${words.funnelForm.op}`}
        value={op}
        onChange={(event) => {
          const next = filterOps.find((one) => one === event.currentTarget.value);
          if (next !== undefined) onChange({ ...filter, op: next });
        }}
      >
        {filterOps.map((one) => (
          <option key={one} value={one} selected={one === op}>
            {words.funnelForm.ops[one]}
          </option>
        ))}
      </select>
      {takesValue(op) && (
        <TypedInput
          label={`${of}: ${words.funnelForm.value}`}
          list={list}
          placeholder={takesList(op) ? words.funnelForm.values : words.funnelForm.value}
          value={takesList(op) ? values.join('|') : (values[0] ?? '')}
          onCommit={(text) => {
            const several = text.split('|').map((one) => one.trim());
            onChange({
              ...filter,
              values: takesList(op) ? several.filter((one) => one !== '') : [text].filter((one) => one !== ''),
            });
          }}
        />
      )}
      <datalist id={list}>
        {[...new Set(suggested.map(({ value }) => value))].map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <button type="button" class="icon" aria-label={words.funnelForm.remove(of)} onClick={onRemove}>
        ×
      </button>
    </div>
  );
}

interface SubjectProps {
  of: string;
  subject: Subject;
  onChange: (subject: Subject) => void;
}

/** What is looked at: a trait or property by its name, or the channel, team, account of an event. */
export function SubjectFields({ of, subject, onChange }: SubjectProps) {
  const { words } = useWords();
  const known = useAnswer(segments.list()).answer?.rows ?? [];
  const list = useId();
  const names = [...new Set(known.map(({ segment }) => segment))].filter((name) => name !== 'persona');
  return (
    <>
      <select
        aria-label={`${of}: ${words.funnelForm.subject}`}
        value={subject.kind}
        onChange={(event) => {
          const kind = subjectKinds.find((one) => one === event.currentTarget.value);
          if (kind !== undefined) onChange({ kind, name: hasName({ kind, name: '' }) ? subject.name : '' });
        }}
      >
        {subjectKinds.map((kind) => (
          <option key={kind} value={kind} selected={kind === subject.kind}>
            {words.funnelForm.subjects[kind]}
          </option>
        ))}
      </select>
      {hasName(subject) && (
        <TypedInput
          label={`${of}: ${words.funnelForm.name}`}
          list={list}
          placeholder={words.funnelForm.name}
          value={subject.name}
          onCommit={(name) => onChange({ ...subject, name: name.trim() })}
        />
      )}
      <datalist id={list}>
        {subject.kind === 'trait' && names.map((name) => <option key={name} value={name} />)}
      </datalist>
    </>
  );
}
