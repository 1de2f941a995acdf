import { describe, expect, it } from 'vitest';
import type { TaskStarted } from '../protocol/wire/task.ts';
import { UnfinishedTasks } from './unfinished-tasks.ts';

function task(taskDescription: string, taskIndex: number, startedAt = 'now'): TaskStarted {
  return { type: 'task_started', taskDescription, taskIndex, startedAt, totalTasks: 2, agentRole: 'Writer' };
}

describe('UnfinishedTasks', () => {
  it('counts tasks by description', () => {
    const tasks = new UnfinishedTasks();
    expect([tasks.start(task('a', 1)), tasks.start(task('a', 2)), tasks.start(task('b', 3))]).toEqual([
      true,
      true,
      true,
    ]);
    expect([tasks.count('a'), tasks.count('b'), tasks.count('c'), tasks.size]).toEqual([2, 1, 0, 3]);
  });

  it('counts one start once, and a task that starts anew again', () => {
    const tasks = new UnfinishedTasks();
    tasks.start(task('a', 1));
    expect(tasks.start(task('a', 1))).toBe(false);
    expect(tasks.start(task('a', 1, 'later'))).toBe(true);
    expect(tasks.count('a')).toBe(2);
    tasks.end({ taskDescription: 'a', taskIndex: 1 });
    expect(tasks.start(task('a', 1))).toBe(false);
  });

  it('takes an end without a known index for the end of any alike task', () => {
    const tasks = new UnfinishedTasks();
    tasks.start(task('a', 1));
    tasks.end({ taskDescription: 'b', taskIndex: 1 });
    expect(tasks.count('a')).toBe(1);
    tasks.end({ taskDescription: 'a', taskIndex: 0 });
    tasks.end({ taskDescription: 'a', taskIndex: 0 });
    expect([tasks.count('a'), tasks.size]).toEqual([0, 0]);
  });

  it('forgets all', () => {
    const tasks = new UnfinishedTasks();
    tasks.start(task('a', 1));
    tasks.clear();
    expect([tasks.count('a'), tasks.size]).toEqual([0, 0]);
  });

  it('is bounded', () => {
    const tasks = new UnfinishedTasks();
    for (let index = 0; index <= 10_000; index += 1) tasks.start(task(`task ${index}`, index));
    expect([tasks.size, tasks.count('task 0'), tasks.count('task 10000')]).toEqual([10_000, 0, 1]);
  });
});
