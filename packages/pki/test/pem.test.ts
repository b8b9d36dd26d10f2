import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { decodeBase64, encodeBase64 } from '../src/base64.js';
import { concatBytes, sequence } from '../src/asn1/writer.js';
import { CERTIFICATE_LABELS, decodeArmoured, encodePem } from '../src/pem.js';
import { readCertificate, readCertificates, readCrl } from '../src/read.js';
import { crl, entry } from './crl/samples.js';
import { expectCode } from './expect-code.js';
import { certificate } from './x509/samples.js';

const DER = certificate();
const PEM = encodePem('CERTIFICATE', DER);
const BASE64 = encodeBase64(DER);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, big: boolean): Uint8Array => {
  const out = new Uint8Array(2 + text.length * 2);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0xfeff, !big);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), !big);
  return out;
};

describe('base64', () => {
  it('decode after encode gives the same octets; node agrees', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(text)).toEqual(bytes);
      expect(decodeBase64(Buffer.from(bytes).toString('base64url'))).toEqual(bytes);
      expect(decodeBase64(text.replace(/(.{3})/g, '$1 \r\n\t'))).toEqual(bytes);
    }));
  });
  it.each(['A', 'AB=', 'AB===', 'ABC==', 'A=BC', '====', 'QQ==QQ==', 'AB*C', 'QR==', 'QUJ=', '中文', 'QUJD\\x', 'QUJD\\'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
  it('refuses no text that node reads strictly', () => {
    expect(decodeBase64('QQ==')).toEqual(Uint8Array.of(0x41));
    expect(decodeBase64('')).toEqual(new Uint8Array(0));
  });
});

describe('a certificate as people paste it', () => {
  const shapes: readonly (readonly [string, string | Uint8Array])[] = [
    ['DER', DER],
    ['PEM', PEM],
    ['PEM as octets', utf8(PEM)],
    ['CRLF', PEM.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${PEM}`],
    ['a byte order mark as octets', concatBytes(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(PEM))],
    ['UTF-16LE', utf16(PEM, false)],
    ['UTF-16BE', utf16(PEM, true)],
    ['text around', `Bag Attributes\n    friendlyName: 张三\nsubject=CN = x\n${PEM}\nissuer=…`],
    ['text in GBK before', concatBytes(Uint8Array.of(0xd6, 0xa4, 0xca, 0xe9, 0x0a), utf8(PEM))],
    ['text beginning with 0', utf8(`0 s:CN = x\n${PEM}`)],
    ['OpenSSL trusted', `-----BEGIN TRUSTED CERTIFICATE-----\n${encodeBase64(concatBytes(DER, sequence(sequence())))}\n-----END TRUSTED CERTIFICATE-----`],
    ['X509 CERTIFICATE', encodePem('X509 CERTIFICATE', DER)],
    ['no line breaks', `-----BEGIN CERTIFICATE-----${BASE64}-----END CERTIFICATE-----`],
    ['spaces for line breaks', PEM.replaceAll('\n', ' ')],
    ['tabs and indentation', PEM.replaceAll('\n', '\n\t  ')],
    ['literal \\n', PEM.replaceAll('\n', '\\n')],
    ['a JSON string', JSON.stringify(PEM)],
    ['a JSON string with \\/', JSON.stringify(PEM).replaceAll('/', '\\/')],
    ['lines of source code', PEM.trim().split('\n').map((line) => `  "${line}\\n"`).join('\n')],
    ['PEM headers', PEM.replace('-----\n', '-----\nX-Comment: hello\n\n')],
    ['base64 in one line', BASE64],
    ['base64 in lines', BASE64.replace(/(.{76})/g, '$1\r\n')],
    ['base64 in quotes', `  "${BASE64}" \n`],
    ['base64 in curly quotes', `“${BASE64}”`],
    ['URL-safe base64', BASE64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
    ['base64 with no-break spaces', BASE64.replace(/(.{60})/g, '$1\u00a0')],
    ['a key beside it', `${encodePem('PRIVATE KEY', Uint8Array.of(1, 2, 3))}${PEM}`],
    ['an encrypted key beside it', `${encodePem('ENCRYPTED PRIVATE KEY', Uint8Array.of(1, 2, 3))}${PEM}`],
  ];
  it.each(shapes)('%s', (_, input) => {
    expect(readCertificate(input).bytes).toEqual(DER);
  });

  it('several blocks, in order', () => {
    const other = certificate({ extensions: null });
    const both = PEM + encodePem('CERTIFICATE', other);
    expect(readCertificates(both).map(({ bytes }) => bytes)).toEqual([DER, other]);
    expectCode(() => readCertificate(both), 'TOO_MANY');
    expectCode(() => readCertificates(both, { maxMessageCertificates: 1 }), 'TOO_MANY');
  });

  it('a CRL under either label', () => {
    const der = crl({ entries: [entry(1)] });
    for (const input of [der, encodePem('X509 CRL', der), encodePem('CRL', der), encodeBase64(der)]) expect(readCrl(input).bytes).toEqual(der);
    expectCode(() => readCrl(encodePem('CRL', der) + encodePem('CRL', der)), 'TOO_MANY');
  });

  it('writes lines of 64', () => {
    expect(PEM.split('\n').slice(1, -2).every((line) => line.length <= 64)).toBe(true);
    expect(encodePem('CERTIFICATE', new Uint8Array(0))).toBe('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
    expect(() => encodePem('bad-label', DER)).toThrow(TypeError);
  });
});

describe('armour that is refused', () => {
  const decode = (input: string | Uint8Array): Uint8Array[] => decodeArmoured(input, { labels: CERTIFICATE_LABELS, maxBytes: 100_000 });
  it.each([
    ['nothing', '', 'EMPTY_INPUT'],
    ['no octets', new Uint8Array(0), 'EMPTY_INPUT'],
    ['white space', ' \r\n\t ', 'EMPTY_INPUT'],
    ['empty quotes', '""', 'EMPTY_INPUT'],
    ['a lone END', '-----END CERTIFICATE-----', 'PEM_INVALID'],
    ['no END', PEM.slice(0, 200), 'PEM_INVALID'],
    ['another END', PEM.replace('END CERTIFICATE', 'END PKCS7'), 'PEM_INVALID'],
    ['a BEGIN inside', PEM.slice(0, 200) + PEM, 'PEM_INVALID'],
    ['an empty body', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----', 'PEM_INVALID'],
    ['a broken body', PEM.replace('M', '*'), 'PEM_INVALID'],
    ['a header without blank line', PEM.replace('-----\n', '-----\nX-Comment: hello\n'), 'PEM_INVALID'],
    ['a label without end', `-----BEGIN ${'A'.repeat(1000)}`, 'PEM_INVALID'],
    ['prose', 'this is no certificate, sorry', 'PEM_INVALID'],
    ['JSON', '{"cert": 1}', 'PEM_INVALID'],
    ['HTML', '<!DOCTYPE html><html></html>', 'PEM_INVALID'],
    ['too much base64', 'A'.repeat(200_004), 'INPUT_TOO_LARGE'],
    ['too much after decoding', 'A'.repeat(160_000), 'INPUT_TOO_LARGE'],
    ['too much DER', concatBytes(Uint8Array.of(0x30, 0x83), new Uint8Array(100_000)), 'INPUT_TOO_LARGE'],
    ['too much text as octets', utf8(' '.repeat(200_001)), 'INPUT_TOO_LARGE'],
  ] as const)('%s', (_, input, code) => {
    expectCode(() => decode(input), code);
  });

  it('names the label found', () => {
    expect(expectCode(() => decode(encodePem('X509 CRL', crl())), 'PEM_WRONG_LABEL').detected).toBe('X509 CRL');
    expect(expectCode(() => decode(encodePem('RSA PRIVATE KEY', DER)), 'PEM_WRONG_LABEL').detected).toBe('RSA PRIVATE KEY');
    expect(expectCode(() => decode(encodePem('ENCRYPTED PRIVATE KEY', DER)), 'PEM_ENCRYPTED').detected).toBe('ENCRYPTED PRIVATE KEY');
    const legacy = encodePem('RSA PRIVATE KEY', DER).replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,00\n\n');
    expect(expectCode(() => decode(legacy), 'PEM_ENCRYPTED').detected).toBe('RSA PRIVATE KEY');
    expectCode(() => decode(PEM.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\n\n')), 'PEM_ENCRYPTED');
  });

  it('says what text without armour looks like', () => {
    expect(expectCode(() => decode('<html>x</html>'), 'PEM_INVALID').detected).toBe('html');
    expect(expectCode(() => decode('{"a":1}'), 'PEM_INVALID').detected).toBe('json');
    expect(expectCode(() => decode('hello, world'), 'PEM_INVALID').detected).toBe('text');
  });

  it('takes text or octets', () => {
    expect(() => decode(['x'] as unknown as string)).toThrow(TypeError);
    expect(decode(Uint8Array.of(1, 2, 3))).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  it('long runs of the same thing end', () => {
    const limits = { labels: CERTIFICATE_LABELS, maxBytes: 8_000_000 };
    for (const piece of ['-----BEGIN ', '-----BEGIN A-----', '-----END ', '-----', '\\n', ':\n', '\n \n', '"', '=', 'Proc-Type: ', '-----BEGIN A-----\n-----END A-----\n']) {
      expect(() => decodeArmoured(piece.repeat(Math.floor(4_000_000 / piece.length)), limits)).toThrow();
    }
  });
});
