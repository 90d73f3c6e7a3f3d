import { describe, expect, it } from 'vitest';
import { uidIn, wallDashboards } from '../../services/standalone/src/cli/grafana/playlist.ts';
import { alertSurroundings, fileChecks } from './checked-files.ts';
import { checkAlerts } from './checks/alerts.ts';
import { told } from './checks/problem.ts';
import { languages, readDashboards } from './dashboard-files.ts';
import { provisionedAlerting } from './provisioning.ts';

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

describe('the playlist of the command line', () => {
  it.each(languages)('shows dashboards that are there: %s', (language) => {
    const uids = files.filter((file) => file.language === language).map(({ dashboard }) => dashboard.uid);
    expect(uids).toEqual(expect.arrayContaining(wallDashboards.map((uid) => uidIn(language, uid))));
    expect(wallDashboards[0]).toBe('michinori-wall');
  });
});

describe('the alert rules of Grafana', () => {
  const alerting = provisionedAlerting();

  it('are there', () => {
    expect(alerting.groups.flatMap(({ rules }) => rules).length).toBeGreaterThan(0);
    expect(alerting.contactPoints.length).toBeGreaterThan(0);
  });

  it('ask what is there, and need nobody who looks at a page', () => {
    expect(told(checkAlerts(alerting, alertSurroundings(files)))).toEqual([]);
  });
});
