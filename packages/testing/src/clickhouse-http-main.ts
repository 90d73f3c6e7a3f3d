import { createFaultPlan, type PlannedFault, type RandomCuts } from './clickhouse-http-faults.ts';
import { type ListenerOptions, startListener } from './clickhouse-http-listener.ts';

/** What the parent of a server process may ask; every message is answered once it is done. */
export type ChildRequest =
  | { readonly ask: 'start'; readonly options: ListenerOptions }
  | { readonly ask: 'add'; readonly planned: PlannedFault }
  | { readonly ask: 'randomCuts'; readonly cuts: RandomCuts | null }
  | { readonly ask: 'clear' }
  | { readonly ask: 'stop' };

/** The answer to a {@link ChildRequest}. */
export type ChildAnswer =
  | { readonly ok: true; readonly port: number }
  | { readonly ok: false; readonly message: string };

const faults = createFaultPlan();
let close: (() => Promise<void>) | undefined;
let port = 0;

async function serve(request: ChildRequest): Promise<void> {
  if (request.ask === 'start') {
    const listener = await startListener(request.options, faults);
    ({ port, close } = listener);
  } else if (request.ask === 'add') faults.add(request.planned);
  else if (request.ask === 'randomCuts') faults.randomCuts(request.cuts);
  else if (request.ask === 'clear') faults.clear();
  else await close?.();
}

process.on('message', (request: ChildRequest) => {
  const reply = (answer: ChildAnswer) => {
    process.send?.(answer, () => {
      if (request.ask === 'stop') process.exit(0);
    });
  };
  serve(request).then(
    () => reply({ ok: true, port }),
    (error: unknown) => reply({ ok: false, message: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
