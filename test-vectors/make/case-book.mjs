// Collects cases and the files they point to.
import { posix } from 'node:path';
import { AT, BID, CONTEXT, instant, SEED } from './ground.mjs';

/** `A list, with n ≤ 3` → `a-list-with-n-3` */
export function sentence(text) {
  return text.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}

// What a case may expect.
export const passed = (identity, messageVariant, more = {}) => ({
  stage: 'judge', conclusion: 'passed', code: 'OK', ...(identity === undefined ? {} : { identity }), ...(messageVariant === undefined ? {} : { messageVariant }), ...more,
});
export const failed = (code, more = {}) => ({ stage: 'judge', conclusion: 'failed', code, ...more });
export const open = (code, more = {}) => ({ stage: 'judge', conclusion: 'indeterminate', code, ...more });
export const listAccepted = () => ({ stage: 'list', conclusion: 'accepted', code: 'OK' });
export const listRefused = (code) => ({ stage: 'list', conclusion: 'refused', code });

const isGood = ({ conclusion }) => conclusion === 'passed' || conclusion === 'accepted';

export class CaseBook {
  /** Path from the top folder of the vectors → octets. */
  files = new Map();
  #cases = [];

  /** Puts a file that several cases use; the same path must always carry the same octets. */
  share(path, bytes) {
    const full = `shared/${path}`;
    const known = this.files.get(full);
    if (known !== undefined && Buffer.compare(known, bytes) !== 0) throw new Error(`two different files are called ${full}`);
    this.files.set(full, bytes);
    return full;
  }

  /**
   * Cases that differ in one thing. Each one that passes is next to one that does not, and the other way round.
   * `rows` override `shared`.
   */
  group(topic, shared, rows) {
    const cases = rows.map((row) => {
      const one = { ...shared, ...row };
      return { ...one, id: `${topic}/${sentence(one.en)}${isGood(one.expect) ? '' : '_fail'}` };
    });
    for (const one of cases) {
      const neighbour = cases.find((other) => isGood(other.expect) !== isGood(one.expect));
      if (neighbour === undefined) throw new Error(`${one.id} has no neighbour that ends otherwise`);
      this.#cases.push({ ...one, neighbour: neighbour.id });
    }
  }

  /** Writes every case.json; lists and shared files must be there by now. */
  finish() {
    const ids = new Set();
    for (const one of this.#cases) {
      if (ids.has(one.id)) throw new Error(`two cases are called ${one.id}`);
      ids.add(one.id);
      this.#write(one);
    }
    return this.files;
  }

  #write(one) {
    const folder = `cases/${one.id}`;
    const at = one.at ?? AT;
    const to = (path) => {
      if (!this.files.has(path)) throw new Error(`${one.id} points to ${path}, which is not there`);
      return posix.relative(folder, path);
    };
    const own = (name, bytes) => {
      this.files.set(`${folder}/${name}`, bytes);
      return name;
    };
    const lists = one.lists ?? [{ path: 'shared/list/laboratory.json' }];
    const judged = one.expect.stage === 'judge';
    const document = {
      $schema: posix.relative(folder, 'schema.json'),
      id: one.id,
      title: { zh: one.zh, en: one.en },
      neighbour: one.neighbour,
      ...(one.scheme === undefined
        ? { lists: lists.map((list) => ({ file: to(list.path), at: instant(list.at ?? at) })), role: to(one.role ?? 'shared/list/role.json') }
        : { scheme: schemeOf(one.scheme, to) }),
      ...(judged
        ? {
            policy: to(one.policy ?? 'shared/policy/default.json'),
            at: instant(at),
            ...(one.bestSignatureTime === undefined ? {} : { bestSignatureTime: instant(one.bestSignatureTime) }),
            ...(one.knownAt === undefined ? {} : { knownAt: one.knownAt }),
            context: { ...CONTEXT, ...one.context },
            ...(one.content === null ? {} : { content: this.#content(one.content ?? BID, to, own) }),
            signature: own(typeof one.signature === 'string' ? 'signature.pem' : 'signature.p7s', typeof one.signature === 'string' ? Buffer.from(one.signature) : one.signature),
            evidence: {
              crls: (one.crls ?? []).map(({ path, url }) => ({ file: to(path), url })),
              certificates: (one.certificates ?? []).map(to),
            },
          }
        : {}),
      expect: one.expect,
      generator: { seed: SEED, by: one.by },
    };
    this.files.set(`${folder}/case.json`, Buffer.from(`${JSON.stringify(removeUndefined(document), null, 2)}\n`));
  }

  #content(bytes, to, own) {
    for (const [path, known] of this.files) {
      if (path.startsWith('shared/content/') && Buffer.compare(known, bytes) === 0) return to(path);
    }
    return own('content.bin', bytes);
  }
}

function schemeOf({ rootSha256, root, freshness, lists, peers = [] }, to) {
  return { rootSha256, root: to(root), freshness: to(freshness), lists: lists.map(to), peers: peers.map((peer) => schemeOf(peer, to)) };
}

/** A context member set to undefined is left out. */
function removeUndefined(document) {
  return JSON.parse(JSON.stringify(document));
}
