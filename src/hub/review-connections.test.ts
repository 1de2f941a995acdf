import { describe, expect, it } from 'vitest';
import { ReviewConnections } from './review-connections.ts';

describe('ReviewConnections', () => {
  it('leads to the newest connection of a route', () => {
    const connections = new ReviewConnections();
    expect(connections.open('p', 'a')).toBe(true);
    expect(connections.open('p', 'b')).toBe(true);
    expect([connections.current('p'), connections.current('q'), connections.size]).toEqual(['b', undefined, 2]);
  });

  it('does not move a connection that is known', () => {
    const connections = new ReviewConnections();
    connections.open('p', 'a');
    connections.open('p', 'b');
    expect(connections.open('p', 'a')).toBe(false);
    expect(connections.open('q', 'b')).toBe(false);
    expect([connections.current('p'), connections.current('q')]).toEqual(['b', undefined]);
  });

  it('says whether the one that counted has ended', () => {
    const connections = new ReviewConnections();
    connections.open('p', 'a');
    connections.open('p', 'b');
    expect(connections.close('a')).toBe(false);
    expect(connections.close('never seen')).toBe(false);
    expect(connections.current('p')).toBe('b');
    expect(connections.close('b')).toBe(true);
    expect([connections.current('p'), connections.size]).toEqual([undefined, 0]);
  });
});
