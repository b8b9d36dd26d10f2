/** Short names operators may write for subject attributes (RFC 4514 §3, RFC 4519, and those in common use), by upper-case name. */
const OIDS: ReadonlyMap<string, string> = new Map([
  ['CN', '2.5.4.3'], ['SN', '2.5.4.4'], ['SERIALNUMBER', '2.5.4.5'], ['C', '2.5.4.6'], ['L', '2.5.4.7'], ['ST', '2.5.4.8'], ['S', '2.5.4.8'],
  ['STREET', '2.5.4.9'], ['O', '2.5.4.10'], ['OU', '2.5.4.11'], ['T', '2.5.4.12'], ['TITLE', '2.5.4.12'], ['DESCRIPTION', '2.5.4.13'],
  ['POSTALCODE', '2.5.4.17'], ['G', '2.5.4.42'], ['GN', '2.5.4.42'], ['GIVENNAME', '2.5.4.42'], ['ORGANIZATIONIDENTIFIER', '2.5.4.97'],
  ['UID', '0.9.2342.19200300.100.1.1'], ['DC', '0.9.2342.19200300.100.1.25'], ['E', '1.2.840.113549.1.9.1'], ['EMAILADDRESS', '1.2.840.113549.1.9.1'],
]);

export const OID_PATTERN: RegExp = /^[0-2](?:\.(?:0|[1-9]\d{0,38})){1,30}$/;

/** The dotted OID of an attribute type given by OID or by short name in any case; undefined when unknown. */
export function attributeTypeOid(type: string): string | undefined {
  return OID_PATTERN.test(type) ? type : OIDS.get(type.toUpperCase());
}
