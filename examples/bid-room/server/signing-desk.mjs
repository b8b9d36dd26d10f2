import { randomBytes } from 'node:crypto';
import { certificateView, createSigningBackend } from '@hefu/browser/backend';
import { sha256 } from '@hefu/crypto';
import { nodeAlgorithms } from '@hefu/node';
import { parseCertificate, parseCertificateList } from '@hefu/pki';
import { createAdapterContext, createJournal, createMemoryLeases, createRedactor, createServerClock, digestsForSigning, selectCredential, SignError } from '@hefu/sign';
import { DEFAULT_POLICY, NO_EVIDENCE } from '@hefu/verify';
import { offeredTo, signingServices } from './signing-services.mjs';

/** Yours: who asks, by your login. This cookie can be written by anybody. */
export function companyOf(request) {
  return /(?:^|;\s*)company=([a-z0-9-]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
}

/** Signing for the page: the providers' secrets and sessions stay here. */
export function signingDesk({ world, verifier, projects, providerUrl, returnUrl, clock }) {
  const algorithms = nodeAlgorithms();
  const { now } = clock;
  // Yours: leases that all processes share, so that no two sign the same.
  const ports = { clock, random: { bytes: (length) => new Uint8Array(randomBytes(length)) }, leases: createMemoryLeases() };
  const contextOf = () => {
    const redactor = createRedactor();
    return createAdapterContext({
      ports, redactor, locale: 'zh-CN', signal: AbortSignal.timeout(30_000), serverClock: createServerClock(clock),
      // Yours: where the journal is kept; it is chained, and has no secrets.
      journal: createJournal({ digest: sha256, redactor, write: () => undefined }),
    });
  };
  const services = signingServices({ providerUrl, returnUrl, algorithms, clock, contextOf });

  // Yours: evidence about the companies' certificates, which your updater gathers; the sandbox has it at hand.
  const evidence = {
    ...NO_EVIDENCE,
    candidateCertificates: world.authorities.flatMap(({ above, issuers }) => [...above, ...issuers].map(({ certificate }) => parseCertificate(certificate))),
    crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })),
  };
  const projectOf = (id) => {
    const project = projects.find((each) => each.id === id);
    if (project === undefined) throw new SignError('ADAPTER_MISCONFIGURED', 'no such project');
    return project;
  };
  // Yours: your register of organisations, and (below) your names of regions.
  const companyWith = (owner) => world.companies.find(({ id }) => id === owner);
  const servicesOf = (owner) => offeredTo(companyWith(owner), services);
  const serviceOf = (owner, id) => {
    const service = servicesOf(owner).find((each) => each.id === id);
    if (service === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'this company signs in another way');
    return service;
  };
  const judgementFor = ({ region, transaction }) => ({ trustList: verifier.trust, policy: DEFAULT_POLICY, context: { scene: 'bid-signing', region, transaction }, evidence });
  const listed = async (owner, service) => {
    const adapter = service.adapterFor(owner);
    const context = contextOf();
    return { adapter, capabilities: await adapter.discover(context), credentials: await adapter.listCredentials({ userId: owner, limit: 50 }, context) };
  };

  // A page asks for each of its files; which keys a company has does not change between two of them. Yours: a cache with a bound.
  const known = new Map();
  const lately = (owner) => {
    const before = known.get(owner);
    if (before !== undefined && now() - before.at < 60_000) return before.found;
    const found = Promise.all(servicesOf(owner).map((service) => listed(owner, service)));
    known.set(owner, { at: now(), found });
    found.catch(() => known.delete(owner));
    return found;
  };

  const handle = createSigningBackend({
    base: '/api/signing',
    // Yours: `store`, which all processes share, and `origins`, where a proxy changes the host. Without a store signings end with the process.
    now,
    authenticate: async (request) => {
      const id = companyOf(request);
      return companyWith(id) === undefined ? undefined : { id };
    },
    credentials: async ({ id: owner }, request) => {
      const { searchParams } = new URL(request.url);
      const project = projectOf(searchParams.get('project'));
      const { capabilities, credentials } = await listed(owner, serviceOf(owner, searchParams.get('service')));
      const candidates = await selectCredential({
        ...judgementFor(project), credentials, capabilities, algorithms, at: now(), deadline: project.closesAt, uscc: companyWith(owner).uscc,
        regions: world.cities.map(({ code }) => code),
      });
      return candidates.map((candidate) => certificateView(candidate, { regionName: (code) => world.cities.find((city) => city.code === code)?.zh }));
    },
    open: async ({ project: id, service, ref, files }, owner) => {
      const project = projectOf(id);
      const { adapter, capabilities, credentials } = await listed(owner, serviceOf(owner, service));
      const credential = credentials.find((each) => each.ref === ref);
      if (credential === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'not among the credentials of this user');
      return {
        adapter, capabilities, credential, algorithms, ports, judgement: judgementFor(project), deadline: project.closesAt, uscc: companyWith(owner).uscc, title: `${project.name.zh} 投标签名`,
        items: files.map(({ name, length, head, digests }, index) => ({ itemId: `file-${index}`, label: name, content: { length, head, digests } })),
      };
    },
    // What another computer of this bidder recognises the signing by, and shows of it.
    about: ({ project, service, files }) => ({ project, service, files: files.map(({ name, length, digests }) => ({ name, size: length, sha256: sha256Of(digests) })) }),
    onError: (error) => console.error(error),
  });

  return {
    handle,
    /** The ways in which this company can sign. */
    services: (owner) => servicesOf(owner).map(({ id, name, help }) => ({ id, name, help })),
    /** Which digests of a file of this length the certificates of this user may need: of the file itself, and with Z of an SM2 key before it. */
    async wanted(owner, length) {
      const credentials = (await lately(owner)).flatMap((found) => found.credentials);
      const all = [{ algorithm: 'SHA-256', prefix: new Uint8Array(0) }, ...credentials.flatMap((credential) => digestsForSigning(length, { credential, algorithms, form: {}, signingTime: now() }))];
      const key = ({ algorithm, prefix }) => `${algorithm} ${prefix}`;
      return all.filter((each, index) => all.findIndex((other) => key(other) === key(each)) === index);
    },
  };
}

/** Of the file itself, hexadecimal. */
function sha256Of(digests) {
  const found = digests.find(({ algorithm, prefix }) => algorithm === 'SHA-256' && prefix.length === 0);
  return found === undefined ? '' : Buffer.from(found.value).toString('hex');
}
