import { describe, expect, it } from 'vitest';
import { fileChecks } from './checked-files.ts';
import { told } from './checks/problem.ts';
import { readDashboards } from './dashboard-files.ts';

const files = readDashboards();
const checks = await fileChecks();

describe('the committed dashboards', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(3);
  });

  it.each([...checks.keys()])('%s', (name) => {
    expect(told(checks.get(name)?.(files) ?? [])).toEqual([]);
  });
});
