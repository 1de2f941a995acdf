import { describe, expect, it } from 'vitest';
import { neededPermission, networkPlace } from './network-place.ts';

describe('networkPlace', () => {
  it.each([
    ['localhost', 'loopback'],
    ['app.localhost', 'loopback'],
    ['127.8.8.8', 'loopback'],
    ['[::1]', 'loopback'],
    ['10.0.0.1', 'local'],
    ['172.16.0.1', 'local'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'local'],
    ['169.254.1.1', 'local'],
    ['printer.local', 'local'],
    ['[fd12:3456::1]', 'local'],
    ['[fe80::1]', 'local'],
    ['[2001:db8::1]', 'public'],
    ['10.example.com', 'public'],
    ['example.com', 'public'],
  ])('%s is %s', (host, place) => {
    expect(networkPlace(host)).toBe(place);
  });
});

describe('neededPermission', () => {
  it('is needed only to come nearer', () => {
    expect(neededPermission('public', 'loopback')).toBe('loopback-network');
    expect(neededPermission('local', 'loopback')).toBe('loopback-network');
    expect(neededPermission('public', 'local')).toBe('local-network');
    expect(neededPermission('loopback', 'local')).toBeUndefined();
    expect(neededPermission('local', 'local')).toBeUndefined();
    expect(neededPermission('public', 'public')).toBeUndefined();
  });
});
