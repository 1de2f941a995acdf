/** The first event of a process `svc` behind a relay: a run begins. */
export const STARTED_EVENT = {
  type: 'event',
  producer: { producerId: 'svc' },
  sequence: 1,
  receivedAt: '2026-01-01T00:00:00Z',
  message: { type: 'ensemble_started', ensembleId: 'e', startedAt: '2026-01-01T00:00:00Z', totalTasks: 1 },
};
