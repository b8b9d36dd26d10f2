// node memory-child.mjs <task> <file> [serial number in hex…]: does one thing and prints the peak of resident memory.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [task, file, ...serials] = process.argv.slice(2);

const TASKS = {
  idle: async () => () => true,
  hash: async () => () => createHash('sha256').update(readFileSync(file)).digest().length === 32,
  hefu: async () => {
    const { parseCertificateList } = await import('../packages/pki/dist/index.js');
    return () => {
      const crl = parseCertificateList(readFileSync(file));
      return serials.every((serial) => crl.find(Buffer.from(serial, 'hex')) !== undefined);
    };
  },
  pkijs: async () => {
    const { pkijs } = await import('./peers/pkijs.mjs');
    return () => pkijs.CertificateRevocationList.fromBER(readFileSync(file)).revokedCertificates.length > 0;
  },
  peculiar: async () => {
    const { peculiar } = await import('./peers/peculiar.mjs');
    return () => new peculiar.X509Crl(readFileSync(file)).entries.length > 0;
  },
};

const act = await TASKS[task]();
let refused;
try {
  if (act() !== true) refused = 'the answer is wrong';
} catch (error) {
  refused = error.message;
}
console.log(JSON.stringify({ peak: peakOctets(), ...(refused === undefined ? {} : { refused }) }));

/** Linux hands a parent's maxRSS down to its child; VmHWM is the process's own. */
function peakOctets() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}
