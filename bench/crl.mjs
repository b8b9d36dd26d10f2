// CRLs of a thousand, a hundred thousand and a million entries, from a file: load, first lookup, next lookups, memory.
// The base is what nobody can do without: the octets are read and hashed, as the CA's signature over them asks.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { parseCertificate, parseCertificateList } from '../packages/pki/dist/index.js';
import { createEdgeCache, INTEROP, validatePath } from '../packages/verify/dist/index.js';
import { AT, createLargeCrl } from './material.mjs';
import { measureMemory } from './memory.mjs';
import { peculiar } from './peers/peculiar.mjs';
import { pkijs } from './peers/pkijs.mjs';

const READ_AND_HASH = 'read and hash';
const NEXT = 'hefu, next lookups';
/** Times reading and hashing the octets: an answer by scan, and the index that later answers come from. */
const FIRST_ANSWER = 2;
const INDEX = 3;
/** Microseconds of a later answer, whatever the size. */
const NEXT_ANSWER_US = 2;
/** A thousand times the entries may cost a later answer twice as much: log 1,000,000 over log 1,000. */
const LOGARITHMIC = 2;
/** Memory at its peak over that of a process that does nothing, as times the octets of the CRL. */
const MEMORY = 1.5;
const SIZES = [1_000, 100_000, 1_000_000];

export function crlTables(chains) {
  const chain = chains.find(({ kind }) => kind === 'P-256');
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const crls = SIZES.map((size) => new CrlFile(chain, size, folder));
  return [...crls.map(oneSize), lookups(crls), ...crls.slice(1).map(memory)];
}

/** Written when a row asks for it. */
class CrlFile {
  #folder;
  #written;

  constructor(chain, size, folder) {
    this.chain = chain;
    this.size = size;
    this.#folder = folder;
  }

  get file() {
    return this.#write().file;
  }

  /** The same, but one of its last entries is no entry, so the signature does not hold either. */
  get altered() {
    return this.#write().altered;
  }

  get octets() {
    return this.#write().octets;
  }

  get serialAt() {
    return this.#write().serialAt;
  }

  #write() {
    if (this.#written !== undefined) return this.#written;
    const { der, serialAt } = createLargeCrl(this.chain, this.size);
    const file = join(this.#folder, `${this.size}.crl`);
    const altered = join(this.#folder, `${this.size}-altered.crl`);
    writeFileSync(file, der);
    const at = der.length - 200;
    writeFileSync(altered, der.with(at - ((at - entriesAt(der)) % 49), 0x31));
    return (this.#written = { file, altered, octets: der.length, serialAt });
  }
}

/** Where the first entry begins: the header that every entry shares. */
function entriesAt(der) {
  return Buffer.from(der.buffer, der.byteOffset, der.length).indexOf(Buffer.from([0x30, 0x2f, 0x02, 0x10]));
}

function oneSize(crl) {
  const { size } = crl;
  const large = size === 1_000_000;
  const candidate = (name, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(valid ? crl.file : crl.altered, crl) });
  return {
    name: `crl/${size.toLocaleString('en')}`,
    baseline: READ_AND_HASH,
    candidates: [
      candidate('hefu, load', load),
      candidate('hefu, load and first lookup', firstLookup, large ? { goal: FIRST_ANSWER } : {}),
      candidate('hefu, load, first lookup, index', indexed, large ? { goal: INDEX } : {}),
      candidate('hefu, a chain judged by it', judged, large ? { goal: FIRST_ANSWER } : {}),
      candidate(READ_AND_HASH, readAndHash, { native: true }),
      candidate('pkijs, load and first lookup', withPkijs, { mayRefuse: true }),
      candidate('@peculiar/x509, load and first lookup', withPeculiar, { mayRefuse: true }),
    ],
  };
}

function readAndHash(file) {
  const expected = digest(readFileSync(file));
  // The altered file is refused by its digest.
  const wanted = digest(readFileSync(file.replace('-altered', '')));
  return () => digest(readFileSync(file)) === wanted && expected === wanted;
}

function digest(octets) {
  return createHash('sha256').update(octets).digest('hex');
}

function load(file) {
  const octets = readFileSync(file);
  if (file.includes('-altered')) octets[octets.length - 1] = octets[0] = 0;
  return () => parseCertificateList(octets).thisUpdate < AT;
}

function firstLookup(file, { serialAt, size }) {
  const wanted = serialAt(size - 2);
  return () => parseCertificateList(readFileSync(file)).find(wanted)?.reason === 'keyCompromise';
}

function indexed(file, { serialAt, size }) {
  const wanted = serialAt(size - 2);
  const other = serialAt(size >> 1);
  return () => {
    const crl = parseCertificateList(readFileSync(file));
    return crl.find(wanted) !== undefined && crl.find(other) !== undefined;
  };
}

/** From the file to the verdict on a chain: the CRL's signature, every entry looked at for critical extensions, the status. */
function judged(file, { chain: { root, cas, leaf } }) {
  const kept = { at: AT, profile: INTEROP, algorithms: nodeAlgorithms(), anchors: [parseCertificate(root.der)], candidates: cas.map(({ der }) => parseCertificate(der)), edges: createEdgeCache() };
  return async () => {
    const { valid, revocation } = await validatePath({ ...kept, leaf: leaf.der, crls: [readFileSync(file)] });
    return valid && revocation[0].status === 'good';
  };
}

function withPkijs(file, { serialAt, size }) {
  const wanted = Buffer.from(serialAt(size - 2)).toString('hex');
  return () => {
    const crl = pkijs.CertificateRevocationList.fromBER(readFileSync(file));
    return crl.revokedCertificates.some(({ userCertificate }) => Buffer.from(userCertificate.valueBlock.valueHexView).toString('hex') === wanted);
  };
}

function withPeculiar(file, { serialAt, size }) {
  const wanted = Buffer.from(serialAt(size - 2)).toString('hex');
  return () => new peculiar.X509Crl(readFileSync(file)).findRevoked(wanted) !== null;
}

/** Another serial number each time, listed and unlisted in turn. */
function lookups(crls) {
  return {
    name: 'crl/next',
    baseline: `${NEXT}, ${SIZES[0].toLocaleString('en')} entries`,
    candidates: crls.map((crl, i) => ({
      name: `${NEXT}, ${crl.size.toLocaleString('en')} entries`,
      goalUs: NEXT_ANSWER_US,
      ...(i === 0 ? {} : { goal: LOGARITHMIC }),
      setUp: (valid) => nextLookups(valid ? crl.file : crl.altered, crl),
    })),
  };
}

/** Serial numbers asked about in turn: enough that neither they nor their entries stay in the caches by chance. */
const ASKED = 4096;

function nextLookups(file, { size, serialAt }) {
  const crl = parseCertificateList(readFileSync(file));
  const asked = Array.from({ length: ASKED }, (_, i) => serialAt(i % 2 === 0 ? Math.floor((i / ASKED) * size) : size + i));
  let at = 0;
  return () => {
    const i = at++ & (ASKED - 1);
    return (crl.find(asked[i]) !== undefined) === (i % 2 === 0);
  };
}

function memory(crl) {
  const name = `crl-memory/${crl.size.toLocaleString('en')}`;
  return {
    name,
    measure() {
      const { size, file, octets, serialAt } = crl;
      const serials = [size - 2, size >> 1, 1].map((i) => Buffer.from(serialAt(i)).toString('hex'));
      return measureMemory(name, { file, serials, octets }, [
        { name: READ_AND_HASH, task: 'hash' },
        { name: 'hefu, load, index, three lookups', task: 'hefu', ...(crl.size === 1_000_000 ? { goal: MEMORY } : {}) },
        { name: 'pkijs, load', task: 'pkijs' },
        { name: '@peculiar/x509, load', task: 'peculiar' },
      ]);
    },
  };
}
