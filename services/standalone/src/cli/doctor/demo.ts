import { readDemoMarker } from '../demo-marker.ts';
import type { Finding } from './finding.ts';

/** Whether a load of the demo data was broken off. No finding where there is nothing to say. */
export function checkDemo(data: string): Finding[] {
  if (readDemoMarker(data) === undefined) return [];
  const detail = 'the demo data are being loaded, or their load was broken off';
  return [
    { check: 'demo', state: 'warning', detail, mend: 'the next "michinori dev" or "michinori demo" completes them' },
  ];
}
