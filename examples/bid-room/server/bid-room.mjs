import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createVerifier } from '@hefu/node';
import { packOctets, SignError } from '@hefu/sign';
import { buildPages } from './pages.mjs';
import { createBidBook, BidRefused } from './bid-book.mjs';
import { projectsAt } from './projects.mjs';
import { companyOf, signingDesk } from './signing-desk.mjs';

/** Nothing inline, nothing evaluated but WebAssembly (for hashing; without it JavaScript serves), nothing from elsewhere. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The largest body of a receipt: messages and digests of a few hundred files. */
const MAX_BODY = 8 * 1024 * 1024;

/** The platform: pages, signing, receipts and the desk. `Yours:` marks what a real one does in its own way. */
export async function openBidRoom({ world, providerUrl, port, clock }) {
  const { now } = clock;
  // Yours: storage that outlives the process; this folder goes with it.
  const folder = await mkdtemp(join(tmpdir(), 'bid-room-'));
  const pages = await buildPages();
  // Yours: the address of your trust list, and the role that signs it, pinned in your configuration.
  const verifier = await createVerifier({
    trustList: { url: `${world.baseUrl}/list/current.json` }, role: world.listRole, cacheDir: join(folder, 'cache'), clock: { now },
  });
  const projects = projectsAt(now());
  // The address is known once it listens, and signing needs it; nothing below waits, so no request comes too early.
  let answer;
  const server = createServer((request, response) => void answer(request, response));
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  // Yours: your register of organisations, for the code that has to be in the certificate.
  const book = createBidBook({ verifier, projects, folder, now, usccOf: (company) => world.companies.find(({ id }) => id === company)?.uscc });
  // Where an authorisation server sends the bidder back to: the page itself.
  const signing = signingDesk({ world, verifier, projects, providerUrl, returnUrl: `${url}/`, clock });

  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('content-security-policy', POLICY);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'no-referrer');
  });
  app.onError((error, c) => {
    if (error instanceof BidRefused) return c.json({ code: error.code, message: error.texts }, 409);
    if (error instanceof SignError) return c.json(error.toJSON(), 409);
    console.error(error); // Yours: your log.
    return c.json({ code: 'INTERNAL' }, 500);
  });

  app.get('/api/projects', (c) => c.json({ now: now(), projects }));
  // Yours: your login. This stands in for one and proves nothing; its cookie would also be `Secure`.
  app.get('/api/companies', (c) => c.json(world.companies.filter(({ state, issuer }) => issuer.listed && state !== 'expired').map(({ id, name, uscc }) => ({ id, name, uscc }))));
  app.post('/api/login', async (c) => {
    const { company } = await c.req.json();
    if (!world.companies.some(({ id }) => id === company)) return c.json({ code: 'NO_SUCH_COMPANY' }, 404);
    c.header('set-cookie', `company=${company}; Path=/; HttpOnly; SameSite=Strict`);
    // With what the page asks for next.
    return c.json({ company, services: signing.services(company) });
  });
  app.get('/api/services', (c) => { const company = companyOf(c.req.raw); return company === undefined ? c.json({ code: 'UNAUTHENTICATED' }, 401) : c.json(signing.services(company)); });
  app.all('/api/signing/*', async (c) => (await signing.handle(c.req.raw)) ?? c.notFound());
  app.get('/api/wanted', async (c) => {
    const company = companyOf(c.req.raw);
    const length = Number(c.req.query('length'));
    if (company === undefined || !Number.isSafeInteger(length) || length < 0) return c.json({ code: 'MALFORMED' }, 400);
    return c.json(packOctets(await signing.wanted(company, length)));
  });
  app.post('/api/bids', async (c) => {
    if (Number(c.req.header('content-length') ?? Infinity) > MAX_BODY) return c.json({ code: 'TOO_LARGE' }, 413);
    const company = companyOf(c.req.raw);
    if (company === undefined) return c.json({ code: 'UNAUTHENTICATED' }, 401);
    return c.json(await book.receive(await c.req.json(), company), 201);
  });
  app.put('/api/bids/:id/files/:index', async (c) => {
    const bid = await book.upload(c.req.param('id'), Number(c.req.param('index')), companyOf(c.req.raw), c.req.raw.body ?? new Blob([]).stream());
    return bid === undefined ? c.notFound() : c.json(bid);
  });
  // Yours: the desk's login, pages of a long list, and no bid opened before its time. Here anybody sees everything.
  app.get('/api/bids', (c) => c.json(book.list()));
  app.get('/api/bids/:id', (c) => { const bid = book.find(c.req.param('id')); return bid === undefined ? c.notFound() : c.json(bid); });
  app.get('/api/bids/:id/evidence', async (c) => {
    const bundle = await book.evidence(c.req.param('id'));
    return bundle === undefined ? c.notFound() : c.body(bundle, 200, { 'content-type': 'application/zip', 'content-disposition': `attachment; filename="${c.req.param('id')}.hefu.zip"` });
  });
  // The bundler names an asset after what is in it; compression is the proxy's.
  app.get('*', (c) => {
    const found = pages.get(c.req.path === '/' ? '/index.html' : c.req.path);
    return found === undefined ? c.notFound() : c.body(found.body, 200, { 'content-type': found.type, 'cache-control': c.req.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache' });
  });

  answer = getRequestListener(app.fetch);
  return {
    url, book, projects,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      verifier.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
