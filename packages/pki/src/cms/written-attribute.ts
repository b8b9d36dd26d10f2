import { oid, sequence, setOf } from '../asn1/writer.js';

/** An attribute to write; `values` are whole TLVs. */
export interface AttributeToAdd {
  readonly type: string;
  readonly values: readonly Uint8Array[];
}

/** Attribute ::= SEQUENCE { attrType OID, attrValues SET OF }, DER (RFC 5652 §5.3). */
export function writtenAttribute({ type, values }: AttributeToAdd): Uint8Array {
  return sequence(oid(type), setOf(...values));
}
