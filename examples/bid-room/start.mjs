// One command, no external service: a world with its CAs and lists, the services that hold bidders' keys, and the platform.
//   npm start               then open the addresses it prints
import { fileURLToPath } from 'node:url';
import { startSandbox, createCscProvider, createQrProvider, CSC_MANNERS, CSC_PIN, serveProvider } from '@hefu/sandbox';
import { openBidRoom } from './server/bid-room.mjs';
import { SYSTEM_CLOCK } from './server/system-clock.mjs';

/** Of the sandbox's ways to authorise, those a bidder meets: by PIN and a code by message, and by signing in at the service. */
const MANNERS = CSC_MANNERS.filter(({ suffix }) => suffix === '-otp' || suffix === '-oauth');

/** Starts everything on loopback. `port` 0 takes a free one; `clock` is everybody's. */
export async function start({ port = 8080, clock = SYSTEM_CLOCK } = {}) {
  const world = await startSandbox({ seed: 'bid-room', at: clock.now() });
  const qr = createQrProvider();
  const csc = createCscProvider({ credentials: MANNERS });
  const provider = await serveProvider(world.world, { facades: [qr.facade, ...csc.facades], now: clock.now });
  const room = await openBidRoom({ world: world.world, providerUrl: provider.baseUrl, port, clock });
  return {
    ...room,
    phoneUrl: `${provider.baseUrl}/qr/phone`, messagesUrl: `${provider.baseUrl}/csc/phone`,
    provider, world, qr, csc,
    async close() {
      await room.close();
      await provider.close();
      await world.close();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, phoneUrl, messagesUrl, close } = await start({ port: Number(process.env.PORT ?? 8080) });
  console.log(`投标人 bidder            ${url}/
交易系统 trading desk     ${url}/desk.html
手机（扫码） phone         ${phoneUrl}
手机（短信） messages      ${messagesUrl}
云签名口令 PIN（沙盒）     ${CSC_PIN}

Ctrl+C 结束 ends`);
  process.once('SIGINT', () => void close().then(() => process.exit(0)));
}
