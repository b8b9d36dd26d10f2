import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessEndpoint, type EndpointRefusal } from '../src/endpoint.js';

function codeOf(url: string, origin: 'list' | 'certificate' = 'certificate'): EndpointRefusal | 'allowed' {
  const assessed = assessEndpoint(url, { origin });
  return assessed.allowed ? 'allowed' : assessed.code;
}

describe('addresses named by a certificate', () => {
  it.each([
    ['http://crl.example.com.cn/ca.crl'],
    ['https://crl.example.com.cn/ca.crl'],
    ['http://crl.example.com.cn:8080/ca.crl?a=b'],
    ['http://8.8.8.8/ca.crl'],
    ['http://[2408:8000::1]/ca.crl'],
    ['HTTP://CRL.EXAMPLE.CN/ca.crl'],
    ['http://crl.中国/ca.crl'],
  ])('allows %s', (url) => expect(codeOf(url)).toBe('allowed'));

  it.each<[string, EndpointRefusal]>([
    ['ldap://ldap.example.cn/cn=crl?certificateRevocationList', 'SCHEME_REFUSED'],
    ['ldaps://ldap.example.cn/', 'SCHEME_REFUSED'],
    ['ftp://example.cn/ca.crl', 'SCHEME_REFUSED'],
    ['OCSP://ocsp.example.cn', 'SCHEME_REFUSED'],
    ['file:///etc/passwd', 'SCHEME_REFUSED'],
    ['gopher://example.cn/', 'SCHEME_REFUSED'],
    ['javascript:alert(1)', 'SCHEME_REFUSED'],
    ['data:application/pkix-crl;base64,AA==', 'SCHEME_REFUSED'],
    ['', 'URL_INVALID'],
    ['ca.crl', 'URL_INVALID'],
    ['//example.cn/ca.crl', 'URL_INVALID'],
    ['http:example.cn', 'URL_INVALID'],
    ['http:/example.cn/', 'URL_INVALID'],
    ['http:///example.cn/', 'URL_INVALID'],
    ['http:\\\\127.0.0.1\\', 'URL_INVALID'],
    ['http://exa mple.cn/', 'URL_INVALID'],
    [' http://example.cn/', 'URL_INVALID'],
    ['http://example.cn/\r\nHost: x', 'URL_INVALID'],
    ['http://exam\tple.cn/', 'URL_INVALID'],
    ['http://[::1/', 'URL_INVALID'],
    ['http://256.1.1.1/', 'URL_INVALID'],
    ['http://example.cn:99999/', 'URL_INVALID'],
    [`http://example.cn/${'a'.repeat(3000)}`, 'URL_TOO_LONG'],
    ['http://user@example.cn/', 'USERINFO_REFUSED'],
    ['http://user:pass@example.cn/', 'USERINFO_REFUSED'],
    ['http://crl.example.cn@127.0.0.1/', 'USERINFO_REFUSED'],
    ['http://@example.cn/', 'USERINFO_REFUSED'],
    ['http://localhost/ca.crl', 'HOST_REFUSED'],
    ['http://LOCALHOST./ca.crl', 'HOST_REFUSED'],
    ['http://a.localhost/', 'HOST_REFUSED'],
    ['http://printer.local/', 'HOST_REFUSED'],
    ['http://metadata.google.internal/', 'HOST_REFUSED'],
    ['http://ca.intranet/', 'HOST_REFUSED'],
    ['http://router.home.arpa/', 'HOST_REFUSED'],
    ['http://ca/ca.crl', 'HOST_REFUSED'],
    ['http://127.0.0.1/', 'ADDRESS_REFUSED'],
    ['http://127.1/', 'ADDRESS_REFUSED'],
    ['http://2130706433/', 'ADDRESS_REFUSED'],
    ['http://0x7f000001/', 'ADDRESS_REFUSED'],
    ['http://0177.0.0.1/', 'ADDRESS_REFUSED'],
    ['http://0/', 'ADDRESS_REFUSED'],
    ['http://127.0.0.1./', 'ADDRESS_REFUSED'],
    ['http://%31%32%37.0.0.1/', 'ADDRESS_REFUSED'],
    ['http://127。0。0。1/', 'ADDRESS_REFUSED'],
    ['http://134744072/', 'ADDRESS_REFUSED'], // 8.8.8.8, disguised
    ['http://0x08.8.8.8/', 'ADDRESS_REFUSED'],
    ['http://172.16.39.197/crl/ca.crl', 'ADDRESS_REFUSED'],
    ['http://10.0.0.1/', 'ADDRESS_REFUSED'],
    ['http://192.168.1.1/', 'ADDRESS_REFUSED'],
    ['http://100.64.0.1/', 'ADDRESS_REFUSED'],
    ['http://169.254.169.254/latest/meta-data/', 'ADDRESS_REFUSED'],
    ['http://224.0.0.1/', 'ADDRESS_REFUSED'],
    ['http://255.255.255.255/', 'ADDRESS_REFUSED'],
    ['http://[::1]/', 'ADDRESS_REFUSED'],
    ['http://[::]/', 'ADDRESS_REFUSED'],
    ['http://[::ffff:8.8.8.8]/', 'ADDRESS_REFUSED'],
    ['http://[::ffff:127.0.0.1]/', 'ADDRESS_REFUSED'],
    ['http://[::127.0.0.1]/', 'ADDRESS_REFUSED'],
    ['http://[64:ff9b::7f00:1]/', 'ADDRESS_REFUSED'],
    ['http://[2002:7f00:1::]/', 'ADDRESS_REFUSED'],
    ['http://[fd00::1]/', 'ADDRESS_REFUSED'],
    ['http://[fe80::1]/', 'ADDRESS_REFUSED'],
    ['http://[ff02::1]/', 'ADDRESS_REFUSED'],
    ['http://example.cn:0/', 'PORT_REFUSED'],
    ['http://example.cn:22/', 'PORT_REFUSED'],
    ['http://example.cn:389/', 'PORT_REFUSED'],
    ['http://example.cn:6000/', 'PORT_REFUSED'],
  ])('refuses %s with %s', (url, code) => expect(codeOf(url)).toBe(code));
});

describe('addresses named by the trust list', () => {
  it.each([['http://10.1.2.3:81/ca.crl'], ['http://mirror.intranet/ca.crl'], ['http://localhost:8080/'], ['https://[fd00::1]/']])('allows %s', (url) => {
    expect(codeOf(url, 'list')).toBe('allowed');
    expect(codeOf(url, 'certificate')).not.toBe('allowed');
  });
  it.each<[string, EndpointRefusal]>([
    ['ldap://10.1.2.3/', 'SCHEME_REFUSED'],
    ['OCSP://10.1.2.3', 'SCHEME_REFUSED'],
    ['http://u:p@10.1.2.3/', 'USERINFO_REFUSED'],
    ['http://10.1.2.3:0/', 'PORT_REFUSED'],
  ])('still refuses %s', (url, code) => expect(codeOf(url, 'list')).toBe(code));
});

describe('every spelling of an IPv4 address', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const privateAddress = fc.oneof(
    fc.tuple(fc.constant(10), octet, octet, octet),
    fc.tuple(fc.constant(127), octet, octet, octet),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
  );
  const part = (value: number, form: number): string => (form === 0 ? `${value}` : form === 1 ? `0x${value.toString(16)}` : `0${value.toString(8)}`);
  const forms = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 2 })));
  const spelled = (numbers: readonly number[], form: readonly number[], parts: number): string => {
    const head = numbers.slice(0, parts - 1);
    const tail = numbers.slice(parts - 1).reduce((sum, value) => sum * 256 + value, 0);
    return [...head, tail].map((value, index) => part(value, form[index] ?? 0)).join('.');
  };

  it('of a private host is refused, within IPv6 too', () => {
    fc.assert(fc.property(privateAddress, forms, fc.integer({ min: 1, max: 4 }), (numbers, form, parts) => {
      expect(codeOf(`http://${spelled(numbers, form, parts)}/x`)).toBe('ADDRESS_REFUSED');
      const [a, b, c, d] = numbers;
      const group = (high: number, low: number): string => (high * 256 + low).toString(16);
      for (const prefix of ['::', '::ffff:', '64:ff9b::', '2002:']) {
        const suffix = prefix === '2002:' ? '::' : '';
        expect(codeOf(`http://[${prefix}${group(a, b)}:${group(c, d)}${suffix}]/x`)).toBe('ADDRESS_REFUSED');
      }
    }));
  });

  it('of a public host is refused unless it is dotted decimal', () => {
    const publicAddress = fc.tuple(fc.integer({ min: 1, max: 9 }), octet, octet, octet);
    fc.assert(fc.property(publicAddress, forms, fc.integer({ min: 1, max: 4 }), (numbers, form, parts) => {
      const text = spelled(numbers, form, parts);
      expect(codeOf(`http://${text}/x`)).toBe(text === numbers.join('.') ? 'allowed' : 'ADDRESS_REFUSED');
    }));
  });
});

it('never throws, and allows only http and https of a host', () => {
  const pieces = fc.array(fc.oneof(fc.constantFrom('http', 'https', ':', '/', '//', '@', '[', ']', '%', '127.0.0.1', 'localhost', '.', '#', '?', '\\', '\t', 'ldap', ':80'), fc.string()), { maxLength: 8 });
  fc.assert(fc.property(pieces, fc.constantFrom('list', 'certificate'), (parts, origin) => {
    const assessed = assessEndpoint(parts.join(''), { origin });
    if (!assessed.allowed) return;
    const url = new URL(assessed.url);
    expect(['http:', 'https:']).toContain(url.protocol);
    expect(url.hostname).not.toBe('');
    expect(url.username + url.password).toBe('');
    // What is asked passes the same assessment again.
    expect(assessEndpoint(assessed.url, { origin }).allowed).toBe(true);
  }), { numRuns: 2000 });
});
