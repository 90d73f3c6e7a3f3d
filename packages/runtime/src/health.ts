/** What a check found; `reason` is shown on `/readyz` and must be short and free of secrets. */
export type CheckResult = { ok: true } | { ok: false; reason: string };

export interface NamedCheck {
  name: string;
  check: () => CheckResult | Promise<CheckResult>;
}

export interface HealthReport {
  ok: boolean;
  checks: { name: string; ok: boolean; reason: string | null }[];
}

export interface Health {
  /** Adds a readiness check; it is asked at every `/readyz`, all of them at once, each within the deadline. */
  addCheck(check: NamedCheck): void;
  /** Ready no more, on purpose: load balancers should send nothing new. Can't be undone. */
  startDraining(): void;
  /** Beyond repair without a restart: `/livez` fails from now on. The first reason is kept. */
  markFatal(reason: string): void;
  live(): HealthReport;
  ready(): Promise<HealthReport>;
}

async function ask({ name, check }: NamedCheck, deadlineMs: number): Promise<HealthReport['checks'][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: `no answer within ${deadlineMs} ms` }), deadlineMs);
  });
  try {
    const result = await Promise.race([Promise.resolve().then(check), late]);
    return { name, ok: result.ok, reason: result.ok ? null : result.reason };
  } catch (error) {
    return { name, ok: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The state that `/livez` and `/readyz` show. Liveness depends on nothing outside the process; readiness on the checks. */
export function createHealth({ checkDeadlineMs = 2000 }: { checkDeadlineMs?: number } = {}): Health {
  const checks: NamedCheck[] = [];
  let isDraining = false;
  let fatalReason: string | null = null;

  const live = (): HealthReport => ({
    ok: fatalReason === null,
    checks: [{ name: 'process', ok: fatalReason === null, reason: fatalReason }],
  });

  return {
    addCheck(check) {
      checks.push(check);
    },
    startDraining() {
      isDraining = true;
    },
    markFatal(reason) {
      fatalReason ??= reason;
    },
    live,
    async ready() {
      const drain = { name: 'drain', ok: !isDraining, reason: isDraining ? 'draining: the process is stopping' : null };
      const answers = await Promise.all(checks.map((check) => ask(check, checkDeadlineMs)));
      const all = [...live().checks, drain, ...answers];
      return { ok: all.every(({ ok }) => ok), checks: all };
    },
  };
}
