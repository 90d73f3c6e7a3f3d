// Says after the run, in plain words, what could not be tested here and why, and the totals as the last line.

/** vitest reporter; see https://vitest.dev/guide/reporters */
export default class TotalsReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    const reasons = new Map();
    for (const module of testModules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else {
          skipped += 1;
          const reason = note ?? 'no reason was given';
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
      }
    }
    const list = [...reasons].map(([reason, count]) => `${count} × ${reason}`).join('; ');
    // After the other reporters have had their say.
    process.on('exit', () => {
      if (skipped > 0) process.stdout.write(`\nNOT TESTED HERE (${skipped} skipped): ${list}\n`);
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
