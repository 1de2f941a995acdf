import { describe, expect, it } from 'vitest';
import type { RosterEntity } from '../../protocol/tab/roster-model.ts';
import { matchesFilter, parseRosterFilter } from './roster-filter.ts';
import { rosterRows } from './roster-rows.ts';

function producer(producerId: string, more: Partial<RosterEntity> = {}): RosterEntity {
  return {
    id: `ws://h:1/ws ${producerId}`,
    sourceId: 'ws://h:1/ws',
    producerId,
    serviceName: 'svc-a',
    tags: [['env', 'prod']],
    state: 'running',
    detail: 'Write a blog post',
    lastSeenMs: 0,
    runs: 1,
    openReviews: 0,
    tasksFinished: 0,
    tasksTotal: 1,
    missing: 0,
    unreadable: 0,
    ...more,
  };
}

function ids(rows: ReturnType<typeof rosterRows>): string[] {
  return rows.map((row) => (row.kind === 'group' ? `# ${row.name} (${row.note})` : row.producer.producerId));
}

describe('rosterRows', () => {
  it('puts those who wait first, by deadline, then groups by service with what runs first', () => {
    const rows = rosterRows(
      [
        producer('svc-a-10', { state: 'done' }),
        producer('svc-a-2'),
        producer('batch-1', { serviceName: 'batch', state: 'failed' }),
        producer('late', { state: 'waiting for you', nextDeadlineMs: 200 }),
        producer('soon', { state: 'waiting for you', nextDeadlineMs: 100 }),
        producer('nobody', { state: 'gone' }),
      ],
      '',
    );
    expect(ids(rows)).toEqual([
      '# Waiting for you ()',
      'soon',
      'late',
      '# batch (1 failed)',
      'batch-1',
      '# svc-a (1 of 3 running)',
      'svc-a-2',
      'svc-a-10',
      'nobody',
    ]);
  });

  it('says nothing where nothing passes', () => {
    expect(rosterRows([producer('a')], 'nonsense')).toEqual([]);
  });
});

describe('parseRosterFilter', () => {
  const one = producer('svc-a-1', { host: 'mars', version: '1.2', instanceId: 'i-7' });
  it.each([
    ['', true],
    ['blog', true],
    ['BLOG svc', true],
    ['blog nothing', false],
    ['tag:env', true],
    ['tag:env=prod', true],
    ['tag:env=test', false],
    ['state:run', true],
    ['state:"waiting for you"', false],
    ['service:svc-a host:mars version:1 instance:i id:svc', true],
    ['host:venus', false],
    ['unknown:field', false],
  ])('%s', (text, passes) => expect(matchesFilter(one, parseRosterFilter(text))).toBe(passes));
});
