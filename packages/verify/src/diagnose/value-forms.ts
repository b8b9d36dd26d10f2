import { COMPONENT_OCTETS, decodeEcdsaSignature, encodeEcdsaSignature, type PublicKey } from '@hefu/crypto';
import { concatBytes, DerReader, PkiError, Tag } from '@hefu/pki';
import { decodeBase64 } from '@hefu/trust-list';
import { decodeText } from './gbk.js';

/** A signature value as verification takes it, and what it was found as. */
export interface ValueForm {
  /** Undefined: as it should be. */
  readonly form: string | undefined;
  readonly value: Uint8Array;
}

/** Longer values are no signature in any form. */
const MAX_VALUE_OCTETS = 8192;

/** Every reading of a value that may be meant, the strict one first. */
export function valueForms(value: Uint8Array, key: PublicKey): readonly ValueForm[] {
  if (value.length === 0 || value.length > MAX_VALUE_OCTETS) return [];
  const texts = textsOf(value).flatMap(({ form, value: inner }) => binaryForms(inner, key).map((each) => ({ form: each.form === undefined ? form : `${form} of ${each.form}`, value: each.value })));
  return [...binaryForms(value, key), ...texts];
}

function binaryForms(value: Uint8Array, key: PublicKey): ValueForm[] {
  if (key.kty === 'RSA') {
    const missing = key.n.length - value.length;
    return [
      { form: undefined, value },
      ...(missing > 0 && missing <= 8 ? [{ form: 'leading zero octets stripped', value: concatBytes(new Uint8Array(missing), value) }] : []),
      { form: 'octets reversed', value: value.slice().reverse() },
    ];
  }
  if (key.kty !== 'EC') return [{ form: undefined, value }];
  const order = COMPONENT_OCTETS[key.crv];
  const der = decodeEcdsaSignature(value, order);
  if (der !== undefined) return [{ form: undefined, value }, ...pair('DER of s and r', der.subarray(order), der.subarray(0, order))];
  if (value[0] === Tag.SEQUENCE) {
    const loose = looseDer(value, order);
    if (loose !== undefined) return [...pair('DER that is not strict', loose[0], loose[1]), ...pair('DER of s and r that is not strict', loose[1], loose[0])];
  }
  const forms: ValueForm[] = [];
  for (const first of [order, order - 1, order - 2]) {
    const second = value.length - first;
    if (second > order || second < order - 2 || second <= 0) continue;
    const short = value.length < 2 * order ? ' with leading zero octets stripped' : '';
    const [a, b] = [value.subarray(0, first), value.subarray(first)];
    forms.push(...pair(`r||s${short}`, a, b), ...pair(`s||r${short}`, b, a));
  }
  if (value.length === 2 * order) forms.push(...pair('r||s little-endian', value.subarray(0, order).slice().reverse(), value.subarray(order).slice().reverse()));
  return forms;
}

function pair(form: string, r: Uint8Array, s: Uint8Array): ValueForm[] {
  return r.every((octet) => octet === 0) || s.every((octet) => octet === 0) ? [] : [{ form, value: encodeEcdsaSignature(r, s) }];
}

/** SEQUENCE of two INTEGERs as lax encoders write them: leading zeros more or fewer, octets after them. */
function looseDer(value: Uint8Array, order: number): readonly [Uint8Array, Uint8Array] | undefined {
  try {
    const inner = new DerReader(value).expect(Tag.SEQUENCE, 'value').enter();
    const [r, s] = [inner.expect(Tag.INTEGER, 'r').content(), inner.expect(Tag.INTEGER, 's').content()].map((octets) => octets.subarray(Math.max(0, octets.findIndex((octet) => octet !== 0))));
    return r!.length > order || s!.length > order ? undefined : [r!, s!];
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function textsOf(value: Uint8Array): readonly { readonly form: string; readonly value: Uint8Array }[] {
  if (value.some((octet) => octet > 0x7e)) return [];
  const text = decodeText(value, 'utf-8')?.trim() ?? '';
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return [{ form: 'hex text', value: Uint8Array.from(text.match(/../g)!, (octet) => Number.parseInt(octet, 16)) }];
  const compact = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const base64 = decodeBase64(compact.padEnd(Math.ceil(compact.length / 4) * 4, '='));
  return base64 === undefined || base64.length === 0 ? [] : [{ form: 'base64 text', value: base64 }];
}
