import { describe, expect, it } from 'vitest';
import { WorkIndex } from './work-index.ts';
import {
  type DelegationState,
  type TaskState,
  createDelegation,
  createTask,
  isOpenWork,
  taskOf,
} from './work-state.ts';

function task(order: number, role: string, description: string): TaskState {
  return { ...createTask(order, { taskIndex: order, role, description }), phase: 'running' };
}

function delegation(order: number, parent: TaskState | DelegationState | undefined): DelegationState {
  const facts = { delegationId: 'x', delegatingRole: 'Manager', role: 'Worker', description: 'Part' };
  return createDelegation(order, { ...facts, parent, startedAtMs: 5, isEstimated: false });
}

describe('WorkIndex', () => {
  it('finds tasks by number, role, description and age', () => {
    const index = new WorkIndex();
    const [one, two, three] = [task(1, 'A', 'x'), task(2, 'B', 'y'), task(3, 'A', 'y')];
    for (const each of [one, two, three]) index.addTask(each);
    expect(index.taskOfIndex(2)).toBe(two);
    expect(index.newestTask()).toBe(three);
    expect(index.newestTaskOfRole('A')).toBe(three);
    expect(index.newestTaskOfRole('C')).toBeUndefined();
    expect(index.newestOfDescription('y')).toBe(three);
    expect(index.findPair('B', 'y')?.works.newest()).toBe(two);
    three.phase = 'completed';
    expect([index.newestTask(), index.newestTaskOfRole('A'), index.newestOfDescription('y')]).toEqual([two, one, two]);
    expect(index.findPair('A', 'y')).toMatchObject({ newestWork: three });
  });

  it('finds delegations by their worker and description', () => {
    const index = new WorkIndex();
    const one = delegation(1, undefined);
    index.addDelegation(one);
    expect(index.newestDelegationTo('Worker')).toBe(one);
    expect(index.newestOfDescription('Part')).toBe(one);
    expect(index.newestTask()).toBeUndefined();
  });

  it('finds tasks that have not started until they do', () => {
    const index = new WorkIndex();
    const one = createTask(1, { taskIndex: 0, role: '', description: 'x' });
    index.addUnstarted(one);
    expect([index.newestUnstarted(), index.unstartedOf('x'), index.unstartedOf('y')]).toEqual([one, one, undefined]);
    one.phase = 'running';
    expect([index.newestUnstarted(), index.unstartedOf('x')]).toEqual([undefined, undefined]);
  });

  it('makes a pair once, also of names that objects have', () => {
    const index = new WorkIndex();
    expect(index.findPair('__proto__', 'constructor')).toBeUndefined();
    const pair = index.pair('__proto__', 'constructor');
    expect(index.pair('__proto__', 'constructor')).toBe(pair);
    expect(index.findPair('__proto__', 'constructor')).toBe(pair);
  });
});

describe('work', () => {
  it('is open until it has ended', () => {
    const one = task(1, 'A', 'x');
    expect(isOpenWork(one)).toBe(true);
    expect(isOpenWork({ ...one, phase: 'unstarted' })).toBe(true);
    for (const phase of ['completed', 'failed', 'ended'] as const) expect(isOpenWork({ ...one, phase })).toBe(false);
  });

  it('that is delegated belongs to the task on top', () => {
    const one = task(1, 'A', 'x');
    const below = delegation(2, delegation(1, one));
    expect(taskOf(below)).toBe(one);
    expect(taskOf(one)).toBe(one);
    expect(taskOf(undefined)).toBeUndefined();
  });
});
