import { isAnswerPath, MAX_PATH } from './answer-path.js';
import { MAPPED_ERRORS, type CallShape, type JobShape, type QrMapping } from './mapping.js';
import { either, fitting, flag, listOf, objectOf, oneOf, tableOf, textLike, textOf, wholeNumber, type Check } from './schema.js';
import { namesIn } from './template.js';

const DAY = 86_400_000;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const ANY_NAME = /^[\x20-\x7e\u4e00-\u9fff]{1,64}$/;
const HEADER = /^[A-Za-z0-9-]{1,64}$/;

const path = fitting(isAnswerPath, `a path of at most ${MAX_PATH} members, a.b.0`);
const template: Check = (value, at, problems) => {
  if (typeof value !== 'string' || value.length === 0 || value.length > 2000 || namesIn(value) === undefined) problems.push(`${at}: is no template`);
};
const name = textLike(NAME, 'a name');
const bilingual = objectOf({ zh: textOf(200), en: textOf(200) });
const scheme = oneOf('hmac-sha256', 'hmac-sm3', 'rsa-sha256', 'sm2-sm3');
const encoding = oneOf('base64', 'base64url', 'hex');
const fields = tableOf(NAME, path, 16);

const body: Check = (value, at, problems) => {
  const walk = (each: unknown, depth: number, here: string): void => {
    if (typeof each === 'string') { if (each !== '') template(each, here, problems); }
    else if (typeof each !== 'object' || each === null) return;
    else if (depth === 0) problems.push(`${here}: is nested too deeply`);
    else for (const [key, inner] of Object.entries(each)) walk(inner, depth - 1, `${here}.${key}`);
  };
  if (typeof value !== 'object' || value === null) problems.push(`${at}: is neither object nor list`);
  else walk(value, 8, at);
};

const call = objectOf(
  { method: oneOf('GET', 'POST', 'PUT', 'DELETE'), path: template },
  { headers: tableOf(HEADER, template, 16), body, encoding: oneOf('json', 'form') },
);
const word = oneOf('waiting', 'scanned', 'signed', 'next', ...MAPPED_ERRORS);
const jobMembers = {
  create: call,
  job: objectOf(
    { id: path, idLength: objectOf({ min: wholeNumber(8, 256), max: wholeNumber(8, 256) }), ttlMs: wholeNumber(5_000, DAY) },
    { fields, secrets: fields, expires: objectOf({ path, unit: oneOf('ms', 's', 'epoch-ms', 'epoch-s') }) },
  ),
  qr: objectOf({ payload: template }, {
    deepLink: template, shortCode: template,
    rotation: objectOf({ everyMs: wholeNumber(500, 600_000), maxAgeMs: wholeNumber(500, 600_000) }),
    proofs: tableOf(NAME, objectOf({ scheme: oneOf('hmac-sha256', 'hmac-sm3'), secret: name, secretEncoding: oneOf('base64', 'base64url', 'hex', 'utf-8'), over: template, encoding: oneOf('base64url', 'hex') }), 4),
  }),
  status: listOf(objectOf({ call, words: listOf(objectOf({ path, is: tableOf(ANY_NAME, word, 64) }), 1, 4) }), 1, 4),
  binds: listOf(objectOf({ path, equals: template }, { code: oneOf('STATE_MISMATCH', 'CERT_SWAPPED') }), 0, 8),
  pace: objectOf({ firstMs: wholeNumber(200, 60_000), maxMs: wholeNumber(200, 60_000) }, { hint: objectOf({ path, unit: oneOf('ms', 's') }) }),
  reissues: wholeNumber(0, 10),
};
const jobOptional = { cancel: call, derived: tableOf(NAME, body, 8) };
const certificateMembers = { leaf: path };
const certificateOptional = { chain: path, label: path, fields, status: objectOf({ path, is: tableOf(ANY_NAME, oneOf('enabled', 'disabled', 'locked'), 16) }) };

const MAPPING = objectOf({
  id: textLike(/^[a-z0-9.-]{1,64}$/, 'an id'), version: textOf(32), title: bilingual,
  accepts: listOf(oneOf('sm2-e', 'digest'), 1, 2),
  algorithms: listOf(objectOf({ name: textOf(64), digest: textOf(16), oid: textLike(/^[0-9.]{3,64}$/, 'an OID'), word: textOf(64) }, { pss: objectOf({ hash: textOf(16), mgfHash: textOf(16), saltLength: wholeNumber(0, 64) }) }), 1, 16),
  batch: wholeNumber(1, 10_000), 
  settings: listOf(name, 0, 16),
  answer: objectOf({ errors: tableOf(ANY_NAME, oneOf(...MAPPED_ERRORS), 256) }, { code: path, success: listOf(fitting((value) => ['string', 'number', 'boolean'].includes(typeof value), 'a code'), 1, 8) }),
  sign: objectOf({
    ...jobMembers,
    values: objectOf({
      item: either({ encoding: objectOf({ by: oneOf('value'), path, encoding }), path: objectOf({ by: oneOf('id'), path }), by: objectOf({ by: oneOf('only') }) }),
      value: path,
    }, { list: path, form: oneOf('value', 'pkcs7'), algorithm: path, certificate: path, reference: path }),
  }, jobOptional),
}, {
  verificationCode: oneOf('session', 'sha256-of-value'), showsLabels: flag, labelMaxChars: wholeNumber(8, 1000),
  authentication: objectOf({ scheme, key: name, over: template, encoding, headers: tableOf(HEADER, template, 16) }),
  credentials: either({
    query: objectOf({ query: objectOf({ call, list: path, ...certificateMembers }, certificateOptional) }),
    choice: objectOf({ choice: objectOf({ ...jobMembers, certificate: objectOf(certificateMembers, certificateOptional) }, jobOptional) }),
  }),
  callback: objectOf({ job: path, reply: () => undefined }, {
    sealed: flag,
    signature: objectOf({ scheme, key: name, over: template, header: textLike(HEADER, 'a header'), encoding }, { time: objectOf({ header: textLike(HEADER, 'a header'), unit: oneOf('ms', 's'), toleranceMs: wholeNumber(1_000, DAY) }) }),
  }),
});

/** Characters of a mapping as JSON. */
const MAX_MAPPING = 256 * 1024;

/**
 * A mapping that is whole, bounded and names nothing that does not exist.
 * @param value JSON, parsed
 * @throws TypeError naming every problem, one a line
 */
export function readQrMapping(value: unknown): QrMapping {
  const problems: string[] = [];
  const text = JSON.stringify(value) ?? '';
  if (text.length > MAX_MAPPING) problems.push('mapping: is too long');
  else MAPPING(value, 'mapping', problems);
  if (problems.length === 0) problems.push(...inconsistencies(value as QrMapping));
  if (problems.length > 0) throw new TypeError(`not a QR mapping:\n${problems.slice(0, 50).join('\n')}`);
  return JSON.parse(text) as QrMapping;
}

/** What the parts do not say of each other. */
function inconsistencies(mapping: QrMapping): readonly string[] {
  const problems: string[] = [];
  const { answer, sign, credentials, authentication, callback } = mapping;
  if ((answer.code === undefined) !== (answer.success === undefined)) problems.push('mapping.answer: code and success go together');
  if (sign.values.item.by === 'only' && mapping.batch !== 1) problems.push('mapping.batch: one value means a batch of 1');
  if (sign.values.item.by !== 'only' && sign.values.list === undefined) problems.push('mapping.sign.values: entries by id or value need a list');
  const certificate = credentials === undefined ? undefined : 'query' in credentials ? credentials.query : credentials.choice.certificate;
  const base = [
    'request.id', 'nonce', 'now', 'user.id', 'callback.url', 'display.text', 'display.code', 'display.locale',
    ...mapping.settings.map((each) => `platform.${each}`),
  ];
  const credential = ['credential.serial', 'credential.leaf', ...Object.keys(certificate?.fields ?? {}).map((each) => `credential.${each}`)];
  const perItem = ['item.id', 'item.value', 'item.label', 'item.index'];
  const signing = [...base, ...credential, 'algorithm.word', 'algorithm.oid', 'algorithm.digest', 'items.count', ...(mapping.batch === 1 ? perItem : [])];
  // Where credentials are the caller's, so are the names of their fields.
  const free = credentials === undefined ? /^credential\./ : undefined;
  const names = (at: string, value: unknown, allowed: readonly string[], inItems = false): void => {
    if (typeof value === 'string') {
      for (const each of namesIn(value) ?? []) if (!allowed.includes(each) && free?.test(each) !== true && !(inItems && perItem.includes(each))) problems.push(`${at}: there is no \${${each}} here`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) names(`${at}.${key}`, inner, allowed, inItems || key === '$items');
    }
  };
  const callNames = (at: string, { path: where, headers, body: content, method }: CallShape, allowed: readonly string[], secrets: readonly string[] = []): void => {
    // A path is written into logs on the way; no secret and no name of a document stands in one.
    names(`${at}.path`, where, allowed.filter((each) => !['display.text', 'item.label'].includes(each)));
    if (content !== undefined && (method === 'GET' || method === 'DELETE')) problems.push(`${at}.body: ${method} has none`);
    names(`${at}.headers`, headers, [...allowed, ...secrets]);
    names(`${at}.body`, content, [...allowed, ...secrets]);
    if (where.startsWith('/') || where.includes('..') || where.includes('#') || /^[a-z]+:/i.test(where)) problems.push(`${at}.path: is not below the base address`);
  };
  const job = (at: string, shape: JobShape, given: readonly string[]): void => {
    names(`${at}.derived`, shape.derived, given);
    const allowed = [...given, ...Object.keys(shape.derived ?? {}).map((each) => `derived.${each}`)];
    const own = ['job.id', ...Object.keys(shape.job.fields ?? {}).map((each) => `job.${each}`)];
    const secrets = Object.keys(shape.job.secrets ?? {}).map((each) => `secret.${each}`);
    if (shape.job.idLength.min > shape.job.idLength.max) problems.push(`${at}.job.idLength: min is above max`);
    if (shape.pace.firstMs > shape.pace.maxMs) problems.push(`${at}.pace: firstMs is above maxMs`);
    callNames(`${at}.create`, shape.create, allowed);
    if (shape.cancel !== undefined) callNames(`${at}.cancel`, shape.cancel, [...allowed, ...own], secrets);
    for (const [index, step] of shape.status.entries()) {
      callNames(`${at}.status[${index}].call`, step.call, [...allowed, ...own], secrets);
      const words = step.words.flatMap(({ is }) => Object.values(is));
      if (index === shape.status.length - 1 && !words.includes('signed')) problems.push(`${at}.status[${index}]: no word means signed`);
      if (index < shape.status.length - 1 && (words.includes('signed') || !words.includes('next'))) problems.push(`${at}.status[${index}]: only the last call has a result, and the others lead to it`);
    }
    for (const [index, { equals }] of shape.binds.entries()) names(`${at}.binds[${index}]`, equals, [...allowed, ...own]);
    const { payload, deepLink, shortCode, rotation, proofs = {} } = shape.qr;
    const proven = [...allowed, ...own, ...(rotation === undefined ? [] : ['qr.elapsed'])];
    const shown = [...proven, ...Object.keys(proofs).map((each) => `proof.${each}`)];
    for (const [which, text] of Object.entries({ payload, deepLink, shortCode })) {
      if (text === undefined) continue;
      // What stands before the fragment reaches servers, their logs and referrers.
      const fragment = text.indexOf('#');
      names(`${at}.qr.${which}`, fragment < 0 ? text : text.slice(0, fragment), shown);
      names(`${at}.qr.${which}`, fragment < 0 ? '' : text.slice(fragment), [...shown, ...secrets]);
    }
    if (rotation !== undefined && rotation.maxAgeMs < rotation.everyMs) problems.push(`${at}.qr.rotation: maxAgeMs is below everyMs`);
    for (const [which, { over, secret }] of Object.entries(proofs)) {
      names(`${at}.qr.proofs.${which}.over`, over, proven);
      if (!secrets.includes(`secret.${secret}`)) problems.push(`${at}.qr.proofs.${which}.secret: is no secret of the job`);
    }
  };
  job('mapping.sign', sign, signing);
  if (!sign.binds.some(({ equals }) => /\$\{(?:job\.id|request\.id|credential\.)/.test(equals))) problems.push('mapping.sign.binds: nothing ties a result to its job');
  if (credentials !== undefined && 'choice' in credentials) job('mapping.credentials.choice', credentials.choice, base);
  if (credentials !== undefined && 'query' in credentials) callNames('mapping.credentials.query.call', credentials.query.call, base);
  if (authentication !== undefined) {
    const signed = ['call.method', 'call.path', 'call.body', 'call.sorted', 'now', 'nonce', ...mapping.settings.map((each) => `platform.${each}`)];
    names('mapping.authentication.over', authentication.over, signed);
    names('mapping.authentication.headers', authentication.headers, [...signed, 'signature']);
  }
  if (callback?.signature !== undefined) {
    const { over } = callback.signature;
    for (const each of namesIn(over) ?? []) if (each !== 'callback.body' && !/^callback\.header-[a-z0-9-]+$/.test(each)) problems.push(`mapping.callback.signature.over: there is no \${${each}} here`);
    if (!over.includes('${callback.body')) problems.push('mapping.callback.signature.over: does not cover the body');
  }
  return problems;
}

