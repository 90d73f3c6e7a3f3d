import { describe, expect, it } from 'vitest';
import { createAdmission } from '../src/admission.ts';
import { createUuidV7, loadIngestConfig } from '../src/index.ts';

describe('createUuidV7', () => {
  it('makes UUIDs of version 7 with the time in front', () => {
    const id = createUuidV7(() => 0x0123_4567_89ab)();
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('ascends strictly, also within a millisecond, past the counter, and when the clock goes back', () => {
    const times = [...Array<number>(10_000).fill(5), 4, 3, 6, 10, 11, 2];
    let index = 0;
    const newId = createUuidV7(() => times[index++] ?? 12);
    const ids = Array.from({ length: times.length }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('createAdmission', () => {
  const limits = { inflightRequestsMax: 2, inflightRequestsPerKeyMax: 1, inflightBytesMax: 100 };
  const leaseOf = (entry: ReturnType<ReturnType<typeof createAdmission>['enter']>) => {
    if (entry.outcome !== 'admitted') throw new Error(entry.code);
    return entry.lease;
  };

  it('gives everything back, once', () => {
    const admission = createAdmission(limits);
    const lease = leaseOf(admission.enter('k'));
    expect(lease.grow(60)).toBe(true);
    expect(lease.grow(41)).toBe(false);
    expect(lease.grow(40)).toBe(true);
    expect(admission.inflightBytes()).toBe(100);
    lease.release();
    lease.release();
    expect([admission.inflightBytes(), admission.inflightRequests()]).toEqual([0, 0]);
    expect(lease.grow(1)).toBe(false);
    expect(admission.enter('k').outcome).toBe('admitted');
  });

  it('counts per key only where there is one', () => {
    const admission = createAdmission(limits);
    leaseOf(admission.enter(null));
    leaseOf(admission.enter(null));
    expect(admission.enter(null)).toMatchObject({ code: 'overloaded' });
  });

  it('says when it is empty', async () => {
    const admission = createAdmission(limits);
    await admission.whenEmpty();
    const leases = [leaseOf(admission.enter('a')), leaseOf(admission.enter('b'))];
    let isEmpty = false;
    const waiting = admission.whenEmpty().then(() => {
      isEmpty = true;
    });
    leases[0]?.release();
    await Promise.resolve();
    expect(isEmpty).toBe(false);
    leases[1]?.release();
    await waiting;
  });
});

describe('loadIngestConfig', () => {
  it('reads its own section, short flags and shared names, and passes over the other services', () => {
    const file = { name: 'michinori.yaml', text: 'data: ./d\ningest:\n  port: 1\nprocessor:\n  batchRowsMax: 3\n' };
    const { config } = loadIngestConfig({ file, env: { MICHINORI_INGEST_CORS_ORIGINS: '*' }, flags: { host: '::1' } });
    expect(config).toMatchObject({
      data: './d',
      ingest: { host: '::1', port: 1, corsOrigins: ['*'], inflightRequestsMax: 2000 },
    });
  });

  it('refuses what it doesn’t know', () => {
    expect(() => loadIngestConfig({ flags: { prot: '1' } })).toThrow('Did you mean "port"?');
    expect(() => loadIngestConfig({ file: { name: 'm.yaml', text: 'ingest: { prt: 1 }' } })).toThrow(
      'm.yaml:1:11: ingest.prt',
    );
  });
});
