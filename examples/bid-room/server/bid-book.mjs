import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { nodeAlgorithms, writeEvidenceBundle } from '@hefu/node';
import { unpackOctets } from '@hefu/sign';

/** Why a bid was not taken; with texts for the bidder. */
export class BidRefused extends Error {
  constructor(code, zh, en) {
    super(en);
    this.code = code;
    this.texts = { zh, en };
  }
}

/** A file as it is uploaded after its receipt, octets. Larger ones are a matter for the platform's own storage. */
const MAX_FILE = 1024 * 1024 * 1024;

/**
 * Bids as the platform holds them. The receipt is for digests and signatures, at a trusted time, judged on receipt; the files
 * themselves follow, and a file that is not the one signed for is not kept.
 */
export function createBidBook({ verifier, projects, folder, now }) {
  const bids = new Map();
  const pathOf = (bid, index) => join(folder, `${bid.id}-${index}`);
  const summary = ({ id, project, receivedAt, files, identity, conclusion }) => ({
    id, project, receivedAt, identity, conclusion, complete: files.every(({ uploaded }) => uploaded),
    files: files.map(({ name, length, sha256, conclusion, code, uploaded }) => ({ name, length, sha256, conclusion, code, uploaded })),
  });
  const requestFor = (bid, { message, content }) => {
    const { region, transaction } = projects.find(({ id }) => id === bid.project);
    return { signature: message, content, region, transaction, scene: 'bid-signing', at: bid.receivedAt, bestSignatureTime: bid.receivedAt };
  };
  return {
    async receive(posted, company) {
      const { project: projectId, requestId, files } = unpackOctets(posted);
      const project = projects.find(({ id }) => id === projectId);
      if (project === undefined) throw new BidRefused('NO_SUCH_PROJECT', '没有这个项目。', 'There is no such project.');
      const receivedAt = now();
      if (receivedAt > project.closesAt) throw new BidRefused('CLOSED', '投标已截止，未接收。', 'The deadline has passed; the bid was not taken.');
      // A page that sends twice, having lost the first answer, gets the receipt it has.
      const before = [...bids.values()].find((bid) => bid.requestId === requestId && bid.company === company);
      if (before !== undefined) return summary(before);
      if (!Array.isArray(files) || files.length === 0 || files.length > 300) throw new BidRefused('EMPTY', '没有文件。', 'There are no files.');
      const bid = { id: `B-${randomUUID().slice(0, 8).toUpperCase()}`, project: projectId, requestId, company, receivedAt, files: [] };
      for (const { name, message, length, head, digests } of files) {
        const file = { name: String(name).slice(0, 255), length, message, content: { length, head, digests }, sha256: hex(digests.find(({ algorithm, prefix }) => algorithm === 'SHA-256' && prefix.length === 0)?.value), uploaded: false };
        file.report = await verifier.verify(requestFor(bid, file));
        bid.files.push(Object.assign(file, { conclusion: file.report.conclusion, code: file.report.code }));
      }
      const worst = bid.files.find(({ conclusion }) => conclusion !== 'passed') ?? bid.files[0];
      Object.assign(bid, { identity: worst.report.identity, conclusion: worst.conclusion });
      bids.set(bid.id, bid);
      return summary(bid);
    },
    /** A file of a bid, as it comes. Only its bidder brings it, and only the one that was signed for. */
    async upload(id, index, company, body) {
      const bid = bids.get(id);
      const file = bid?.files[index];
      if (file === undefined || bid.company !== company) return undefined;
      if (file.uploaded) return summary(bid);
      const hash = createHash('sha256');
      let length = 0;
      const bounded = async function* (parts) {
        for await (const part of parts) {
          length += part.length;
          if (length > Math.min(file.length, MAX_FILE)) throw new BidRefused('OTHER_FILE', '上传的文件与签名时不同。', 'That is not the file that was signed.');
          hash.update(part);
          yield part;
        }
      };
      await pipeline(Readable.fromWeb(body), bounded, createWriteStream(pathOf(bid, index)));
      if (hash.digest('hex') !== file.sha256) throw new BidRefused('OTHER_FILE', '上传的文件与签名时不同。', 'That is not the file that was signed.');
      file.uploaded = true;
      return summary(bid);
    },
    list: () => [...bids.values()].map(summary),
    find(id) {
      const bid = bids.get(id);
      return bid === undefined ? undefined : { ...summary(bid), reports: bid.files.map(({ report }) => report) };
    },
    /** The verdicts with all they rest on, to be judged again in fifteen years. */
    async evidence(id) {
      const bid = bids.get(id);
      if (bid === undefined || !bid.files.every(({ uploaded }) => uploaded)) return undefined;
      const path = join(folder, `${id}.hefu.zip`);
      const records = async function* () {
        for (const [index, file] of bid.files.entries()) {
          const request = { ...requestFor(bid, file), content: { path: pathOf(bid, index) } };
          yield (await verifier.verifyAndRecord(request, { id: `${bid.id}-${index + 1}`, tools: [{ name: 'bid-room', version: '0.0.0' }], keepContent: false })).record;
        }
      };
      await writeEvidenceBundle(path, records(), { algorithms: nodeAlgorithms(), project: bid.project });
      return readFile(path);
    },
  };
}

function hex(bytes) {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('hex');
}
