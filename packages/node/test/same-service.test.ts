import { describe, expect, it } from 'vitest';
import { isSameService } from '../src/same-service.js';

describe('a redirect stays at the service that was named', () => {
  it.each([
    ['http://10.0.0.5/a', 'http://10.0.0.5/b', true],
    ['http://10.0.0.5/a', 'http://10.0.0.5:80/b', true],
    ['http://10.0.0.5:8080/a', 'http://10.0.0.5:8080/b?x', true],
    ['http://ca.intranet/a', 'https://ca.intranet/a', true],
    ['http://ca.intranet:80/a', 'https://ca.intranet:443/a', true],
    ['http://CA.intranet/a', 'https://ca.INTRANET/a', true],
    ['http://10.0.0.5/a', 'http://10.0.0.5:6379/', false],
    ['http://10.0.0.5:8080/a', 'http://10.0.0.5/', false],
    ['http://ca.intranet/a', 'https://ca.intranet:8443/a', false],
    ['http://ca.intranet:8080/a', 'https://ca.intranet/a', false],
    ['https://ca.intranet/a', 'http://ca.intranet/a', false],
    ['http://ca.intranet/a', 'https://ca.intranet./a', false],
    ['http://ca.intranet/a', 'https://www.ca.intranet/a', false],
  ])('%s to %s: %s', (named, next, expected) => {
    expect(isSameService(new URL(named), new URL(next))).toBe(expected);
  });
});
