// One command, no external service: a world with its CAs and lists, a provider that signs on phones, and the platform.
//   npm start               then open the two addresses it prints
import { startSandbox, createQrProvider, serveProvider } from '@hefu/sandbox';
import { openBidRoom } from './server/bid-room.mjs';

/** Starts everything on loopback. `port` 0 takes a free one. */
export async function start({ port = 8080, now = Date.now } = {}) {
  const world = await startSandbox({ seed: 'bid-room', at: now() });
  const qr = createQrProvider();
  const provider = await serveProvider(world.world, { facades: [qr.facade], now });
  const room = await openBidRoom({ world: world.world, providerUrl: provider.baseUrl, port, now });
  return {
    ...room,
    phoneUrl: `${provider.baseUrl}/qr/phone`,
    provider, world,
    async close() {
      await room.close();
      await provider.close();
      await world.close();
    },
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url, phoneUrl, close } = await start({ port: Number(process.env.PORT ?? 8080) });
  console.log(`投标人 bidder         ${url}/\n交易系统 trading desk  ${url}/desk.html\n手机 phone            ${phoneUrl}\n\nCtrl+C 结束 ends`);
  process.once('SIGINT', () => void close().then(() => process.exit(0)));
}
