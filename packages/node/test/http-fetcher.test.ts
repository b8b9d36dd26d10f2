import { gzipSync } from 'node:zlib';
import type { FetchRequest } from '@hefu/updater';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeFetcher } from '../src/http-fetcher.js';
import { faultServer, type FaultServer } from './fault-server.js';

let server: FaultServer;
beforeAll(async () => {
  server = await faultServer();
});
afterAll(() => server.close());

const fetcher = nodeFetcher({ idleTimeoutMs: 10_000 });

function request(url: string, more: Partial<FetchRequest> = {}): FetchRequest {
  return { url, maxBytes: 1000, timeoutMs: 10_000, maxRedirects: 3, allowPrivateAddresses: true, ...more };
}

describe('a question', () => {
  const post = { body: Uint8Array.of(0x30, 1, 2), contentType: 'application/ocsp-request' };
  const received = async (asked: AsyncIterable<Uint8Array>): Promise<number[]> => {
    const octets: number[] = [];
    for await (const chunk of asked) octets.push(...chunk);
    return octets;
  };

  it('is posted as given', async () => {
    server.on('/ask', (asked, response) => {
      void received(asked).then((octets) => response.end(JSON.stringify([asked.method, asked.headers['content-type'], asked.headers['content-length'], octets])));
    });
    const { bytes } = await fetcher.fetch(request(`${server.origin}/ask`, { post }));
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(['POST', 'application/ocsp-request', '3', [0x30, 1, 2]]);
  });

  it('is posted again where a redirect keeps it, and not followed where it would become a GET', async () => {
    server.on('/there', (asked, response) => void received(asked).then((octets) => response.end(`${asked.method} ${octets.length}`)));
    for (const status of [301, 302, 303, 307, 308]) {
      server.on('/moved', (asked, response) => void received(asked).then(() => response.writeHead(status, { location: '/there' }).end()));
      const result = await fetcher.fetch(request(`${server.origin}/moved`, { post }));
      expect([result.status, new TextDecoder().decode(result.bytes)]).toEqual(status >= 307 ? [200, 'POST 3'] : [status, '']);
    }
  });

  it('meets the same rules of address', async () => {
    await expect(fetcher.fetch(request(`${server.origin}/ask`, { post, allowPrivateAddresses: false }))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    await expect(fetcher.fetch(request('ftp://ca.example/', { post }))).rejects.toMatchObject({ code: 'SCHEME_REFUSED' });
  });
});

describe('a body', () => {
  it('comes as sent', async () => {
    server.on('/ok', (asked, response) => {
      expect(asked.method).toBe('GET');
      expect(asked.headers['accept-encoding']).toBe('identity');
      expect(asked.headers['accept']).toBe('application/pkix-crl');
      expect(asked.headers['user-agent']).toBe('hefu');
      expect(asked.headers['connection']).toBe('close');
      response.writeHead(200, { 'content-type': 'application/pkix-crl' }).end(Uint8Array.of(0x30, 0x00, 0xff));
    });
    const result = await fetcher.fetch(request(`${server.origin}/ok#fragment`, { accept: 'application/pkix-crl' }));
    expect(result).toEqual({ status: 200, bytes: Uint8Array.of(0x30, 0x00, 0xff), finalUrl: `${server.origin}/ok`, contentType: 'application/pkix-crl' });
  });

  it('of exactly the limit is taken, one octet more is not', async () => {
    server.on('/1000', (_, response) => response.end(new Uint8Array(1000)));
    server.on('/1001', (_, response) => response.end(new Uint8Array(1001)));
    server.on('/1001-chunked', (_, response) => {
      response.write(new Uint8Array(600));
      response.end(new Uint8Array(401));
    });
    expect((await fetcher.fetch(request(`${server.origin}/1000`))).bytes).toHaveLength(1000);
    await expect(fetcher.fetch(request(`${server.origin}/1001`))).rejects.toMatchObject({ name: 'UpdaterError', code: 'TOO_LARGE' });
    await expect(fetcher.fetch(request(`${server.origin}/1001-chunked`))).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('without end is cut off at the limit', async () => {
    let closed = false;
    server.on('/endless', (_, response) => {
      response.on('close', () => {
        closed = true;
      });
      const more = (): void => {
        while (!closed && response.write(new Uint8Array(16_384)));
      };
      response.on('drain', more);
      more();
    });
    await expect(fetcher.fetch(request(`${server.origin}/endless`, { maxBytes: 100_000 }))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect.poll(() => closed).toBe(true);
  });

  it('announced longer than it is, is truncated', async () => {
    server.on('/short', (_, response, socket) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('only this');
      setImmediate(() => socket.end());
    });
    await expect(fetcher.fetch(request(`${server.origin}/short`))).rejects.toMatchObject({ code: 'TRUNCATED' });
  });

  it('in chunks without the last one is truncated', async () => {
    server.on('/chunks', (_, response, socket) => {
      response.write('some');
      setImmediate(() => socket.end());
    });
    await expect(fetcher.fetch(request(`${server.origin}/chunks`))).rejects.toMatchObject({ code: 'TRUNCATED' });
  });

  it('announced shorter than it is, ends where announced', async () => {
    server.on('/long', (_, __, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n12345678'));
    const answer = await fetcher.fetch(request(`${server.origin}/long`)).catch((error: unknown) => error);
    // Node may see the surplus as a protocol error; what it never does is hand it out.
    if (answer instanceof Error) expect(answer).toMatchObject({ code: 'FETCH_FAILED' });
    else expect(answer).toMatchObject({ bytes: new TextEncoder().encode('1234') });
  });

  it('compressed is refused, not expanded', async () => {
    const bomb = gzipSync(new Uint8Array(1_000_000));
    server.on('/gzip', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    server.on('/identity', (_, response) => response.writeHead(200, { 'content-encoding': 'identity' }).end('x'));
    await expect(fetcher.fetch(request(`${server.origin}/gzip`, { maxBytes: 100_000 }))).rejects.toMatchObject({ code: 'ENCODING_REFUSED' });
    expect((await fetcher.fetch(request(`${server.origin}/identity`))).bytes).toHaveLength(1);
  });
});

describe('a status', () => {
  it.each([404, 500, 204, 304])('%i is handed on', async (status) => {
    server.on(`/${status}`, (_, response) => response.writeHead(status).end());
    expect(await fetcher.fetch(request(`${server.origin}/${status}`))).toMatchObject({ status });
  });
});

describe('a peer that misbehaves', () => {
  it('by dripping runs into the total time', async () => {
    server.on('/drip', (_, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    await expect(fetcher.fetch(request(`${server.origin}/drip`, { timeoutMs: 300 }))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('by never answering runs into the total time, or the idle time', async () => {
    server.on('/silent', () => undefined);
    await expect(fetcher.fetch(request(`${server.origin}/silent`, { timeoutMs: 200 }))).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(nodeFetcher({ idleTimeoutMs: 100 }).fetch(request(`${server.origin}/silent`))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('by falling silent within the body runs into the idle time', async () => {
    server.on('/stall', (_, response) => response.writeHead(200, { 'content-length': '10' }).write('1'));
    await expect(nodeFetcher({ idleTimeoutMs: 100 }).fetch(request(`${server.origin}/stall`))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('by resetting fails', async () => {
    server.on('/reset', (_, __, socket) => socket.resetAndDestroy());
    await expect(fetcher.fetch(request(`${server.origin}/reset`))).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });

  it('by speaking something else fails', async () => {
    server.on('/garbage', (_, __, socket) => socket.end('220 mail.example.cn ESMTP\r\n'));
    await expect(fetcher.fetch(request(`${server.origin}/garbage`))).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });

  it('by endless headers fails', async () => {
    server.on('/headers', (_, response) => response.writeHead(200, { 'x-much': 'a'.repeat(100_000) }).end());
    await expect(fetcher.fetch(request(`${server.origin}/headers`))).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });

  it('by not being there cannot be connected to', async () => {
    const gone = await faultServer();
    await gone.close();
    await expect(fetcher.fetch(request(`${gone.origin}/`))).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    await expect(fetcher.fetch(request(`https://127.0.0.1:${server.port}/ok`))).rejects.toMatchObject({ name: 'UpdaterError' });
  });
});

describe('a redirect', () => {
  const to = (path: string, location: string, status = 302): void => server.on(path, (_, response) => void response.writeHead(status, { location }).end());

  it('within the host is followed, relative too', async () => {
    server.on('/target', (_, response) => response.end('here'));
    to('/a', '/b', 301);
    to('/b', `${server.origin}/target`, 307);
    expect(await fetcher.fetch(request(`${server.origin}/a`))).toMatchObject({ status: 200, finalUrl: `${server.origin}/target` });
  });

  it('that comes round is a loop', async () => {
    to('/x', '/y');
    to('/y', '/x');
    to('/self', '/self');
    await expect(fetcher.fetch(request(`${server.origin}/x`))).rejects.toMatchObject({ code: 'REDIRECT_LOOP' });
    await expect(fetcher.fetch(request(`${server.origin}/self`))).rejects.toMatchObject({ code: 'REDIRECT_LOOP' });
  });

  it('too many are too many', async () => {
    for (let i = 0; i < 5; i += 1) to(`/r${i}`, `/r${i + 1}`);
    server.on('/r3', (_, response) => response.end('three'));
    expect((await fetcher.fetch(request(`${server.origin}/r0`))).status).toBe(200);
    await expect(fetcher.fetch(request(`${server.origin}/r0`, { maxRedirects: 2 }))).rejects.toMatchObject({ code: 'REDIRECTS_EXCEEDED' });
    await expect(fetcher.fetch(request(`${server.origin}/r0`, { maxRedirects: 0 }))).rejects.toMatchObject({ code: 'REDIRECTS_EXCEEDED' });
  });

  it('from the named private host to another private host is refused', async () => {
    to('/to-other', `http://127.0.0.2:${server.port}/target`);
    to('/to-localhost', `http://localhost:${server.port}/target`);
    to('/to-metadata', 'http://169.254.169.254/latest/meta-data/');
    const before = server.asked.length;
    await expect(fetcher.fetch(request(`${server.origin}/to-other`))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    await expect(fetcher.fetch(request(`${server.origin}/to-localhost`))).rejects.toMatchObject({ code: 'HOST_REFUSED' });
    await expect(fetcher.fetch(request(`${server.origin}/to-metadata`))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(server.asked.length).toBe(before + 3);
  });

  it('from the named private host to another port of it is refused, though something answers there', async () => {
    const other = await faultServer();
    try {
      other.on('/admin', (_, response) => response.end('another service'));
      to('/to-port', `${other.origin}/admin`);
      to('/to-tls', `https://127.0.0.1:${server.port}/target`);
      await expect(fetcher.fetch(request(`${server.origin}/to-port`))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
      expect(other.connections()).toBe(0);
      await expect(fetcher.fetch(request(`${server.origin}/to-tls`))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
      expect(await fetcher.fetch(request(`${other.origin}/admin`))).toMatchObject({ status: 200 });
    } finally {
      await other.close();
    }
  });

  it('of a name to another port of it is refused where the name is private, on the way', async () => {
    const named = nodeFetcher({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    server.on('/to-own-port', (_, response) => response.writeHead(302, { location: `http://crl.hefu-test.cn:${server.port === 65_535 ? 65_534 : server.port + 1}/` }).end());
    await expect(named.fetch(request(`http://crl.hefu-test.cn:${server.port}/to-own-port`))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('to another scheme or to nonsense is refused', async () => {
    to('/to-file', 'file:///etc/passwd');
    to('/to-ldap', 'ldap://127.0.0.1/');
    to('/to-user', `http://user:secret@127.0.0.1:${server.port}/target`);
    to('/to-nothing', 'http://[');
    await expect(fetcher.fetch(request(`${server.origin}/to-file`))).rejects.toMatchObject({ code: 'SCHEME_REFUSED' });
    await expect(fetcher.fetch(request(`${server.origin}/to-ldap`))).rejects.toMatchObject({ code: 'SCHEME_REFUSED' });
    await expect(fetcher.fetch(request(`${server.origin}/to-user`))).rejects.toMatchObject({ code: 'USERINFO_REFUSED' });
    await expect(fetcher.fetch(request(`${server.origin}/to-nothing`))).rejects.toMatchObject({ code: 'URL_INVALID' });
  });
});

describe('a private address, where it is not allowed', () => {
  const outside = (more: Partial<FetchRequest> = {}): FetchRequest => request(`http://crl.hefu-test.cn:${server.port}/ok`, { allowPrivateAddresses: false, ...more });

  it('is refused as written', async () => {
    await expect(fetcher.fetch(request(`${server.origin}/ok`, { allowPrivateAddresses: false }))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it.each([
    [[{ address: '127.0.0.1', family: 4 }]],
    [[{ address: '::1', family: 6 }]],
    [[{ address: '::ffff:127.0.0.1', family: 6 }]],
    [[{ address: '1.1.1.1', family: 4 }, { address: '127.0.0.1', family: 4 }]],
  ])('is refused when a name resolves to %j, without a connection', async (addresses) => {
    const before = server.connections();
    const rebinding = nodeFetcher({ resolve: async () => addresses });
    await expect(rebinding.fetch(outside())).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(server.connections()).toBe(before);
  });

  it('is reached by that name when it is allowed', async () => {
    server.on('/ok', (_, response) => response.end('fine'));
    const resolving = nodeFetcher({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    expect(await resolving.fetch(outside({ allowPrivateAddresses: true }))).toMatchObject({ status: 200 });
  });

  it('is refused on the way: the name is resolved once, for the connection itself', async () => {
    let asked = 0;
    const changing = nodeFetcher({
      resolve: async () => {
        asked += 1;
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    server.on('/away', (_, response) => response.writeHead(302, { location: `http://other.hefu-test.cn:${server.port}/ok` }).end());
    await expect(changing.fetch(request(`http://named.hefu-test.cn:${server.port}/away`))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(asked).toBe(2);
  });
});

describe('name resolution', () => {
  it('that fails or finds nothing cannot be connected to', async () => {
    const failing = nodeFetcher({ resolve: async () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })) });
    const empty = nodeFetcher({ resolve: async () => [] });
    await expect(failing.fetch(request('http://named.hefu-test.cn/'))).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    await expect(empty.fetch(request('http://named.hefu-test.cn/'))).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  });

  it('that hangs runs into the total time', async () => {
    const hanging = nodeFetcher({ resolve: () => new Promise(() => undefined) });
    await expect(hanging.fetch(request('http://named.hefu-test.cn/', { timeoutMs: 100 }))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});

describe('the signal', () => {
  it('aborts before and during', async () => {
    await expect(fetcher.fetch(request(`${server.origin}/ok`, { signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: 'ABORTED' });
    const controller = new AbortController();
    server.on('/wait', (_, response) => {
      response.writeHead(200).write('begun');
      setTimeout(() => controller.abort(), 20);
    });
    await expect(fetcher.fetch(request(`${server.origin}/wait`, { signal: controller.signal }))).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

it('takes no proxy from the environment', async () => {
  const proxy = await faultServer();
  for (const [name, value] of Object.entries({ http_proxy: proxy.origin, HTTP_PROXY: proxy.origin, NODE_USE_ENV_PROXY: '1' })) vi.stubEnv(name, value);
  try {
    server.on('/ok', (_, response) => response.end('direct'));
    expect((await fetcher.fetch(request(`${server.origin}/ok`))).status).toBe(200);
    expect(proxy.connections()).toBe(0);
  } finally {
    vi.unstubAllEnvs();
    await proxy.close();
  }
});
