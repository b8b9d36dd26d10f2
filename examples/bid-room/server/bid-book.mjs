import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
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

/** A file as it is uploaded after its receipt, octets. */
const MAX_FILE = 4 * 1024 * 1024 * 1024;
const MAX_FILES = 300;

const malformed = () => new BidRefused('MALFORMED', '提交的内容不完整，请刷新页面后重试。', 'What was handed in is incomplete; reload the page and try again.');
const otherFile = () => new BidRefused('OTHER_FILE', '上传的文件与签名时不同。请选择签名时的原文件。', 'That is not the file that was signed. Choose the file as it was.');

/**
 * Bids as the platform holds them. The receipt is for digests and signatures, at a trusted time, judged on receipt; the files
 * themselves follow, and a file that is not the one signed for is not kept.
 */
export function createBidBook({ verifier, projects, folder, now, usccOf }) {
  // Yours: a database, in which bidder and request together are unique.
  const bids = new Map();
  /** Being judged, by bidder and request: a page that sends twice, or from two tabs, has one bid. */
  const receiving = new Map();
  const pathOf = (bid, index) => join(folder, `${bid.id}-${index}`);
  const summary = ({ id, project, receivedAt, files, identity, conclusion }) => ({
    id, project, receivedAt, identity, conclusion, complete: files.every(({ uploaded }) => uploaded),
    files: files.map(({ name, length, sha256, conclusion, code, uploaded }) => ({ name, length, sha256, conclusion, code, uploaded })),
  });
  const requestFor = (bid, { message, content }) => {
    const { region, transaction } = projects.find(({ id }) => id === bid.project);
    return { signature: message, content, region, transaction, scene: 'bid-signing', at: bid.receivedAt, bestSignatureTime: bid.receivedAt };
  };
  /** @throws BidRefused with what the bidder can do about it */
  const requireAcceptable = ({ conclusion, reasons, identity }, company) => {
    // What is merely open, as a CRL that could not be had, is the platform's to find out: it is taken, and the desk sees it.
    if (conclusion === 'failed') throw new BidRefused('SIGNATURE_REFUSED', `签名未通过验证：${reasons[0].message.zh}${reasons[0].remedy.zh}`, `The signature was not accepted: ${reasons[0].message.en} ${reasons[0].remedy.en}`);
    if (identity?.uscc !== usccOf(company)) throw new BidRefused('OTHER_COMPANY', '签名证书不属于本投标单位，未接收。请用本单位的证书重新签名。', 'The certificate is another organisation’s; the bid was not taken. Sign with a certificate of your own.');
  };
  const judge = async ({ project, requestId, files }, company, receivedAt) => {
    // Yours: numbers, and a receipt that is signed or time-stamped, so that it holds against you too.
    const bid = { id: `B-${randomUUID().slice(0, 8).toUpperCase()}`, project, requestId, company, receivedAt, files: [] };
    for (const { name, message, length, head, digests } of files) {
      const file = { name: String(name).slice(0, 255), length, message, content: { length, head, digests }, sha256: hex(digests.find(({ algorithm, prefix }) => algorithm === 'SHA-256' && prefix.length === 0)?.value), uploaded: false };
      file.report = await verifier.verify(requestFor(bid, file));
      requireAcceptable(file.report, company);
      bid.files.push(Object.assign(file, { conclusion: file.report.conclusion, code: file.report.code }));
    }
    const worst = bid.files.find(({ conclusion }) => conclusion !== 'passed') ?? bid.files[0];
    Object.assign(bid, { identity: worst.report.identity, conclusion: worst.conclusion });
    bids.set(bid.id, bid);
    return bid;
  };
  return {
    async receive(posted, company) {
      const { project: projectId, requestId, files } = unpackOctets(posted);
      const project = projects.find(({ id }) => id === projectId);
      if (project === undefined) throw new BidRefused('NO_SUCH_PROJECT', '没有这个项目。', 'There is no such project.');
      // A page that sends twice, having lost the first answer, gets the receipt it has, also after the deadline.
      const before = [...bids.values()].find((bid) => bid.requestId === requestId && bid.company === company);
      if (before !== undefined) return summary(before);
      const key = `${company} ${requestId}`;
      if (receiving.has(key)) return summary(await receiving.get(key));
      const receivedAt = now();
      if (receivedAt > project.closesAt) throw new BidRefused('CLOSED', '投标已截止，未接收。请联系招标代理机构，或投其他项目。', 'The deadline has passed; the bid was not taken. Contact the tendering agency, or bid for another project.');
      if (typeof requestId !== 'string' || !Array.isArray(files) || !files.every(isSignedFile)) throw malformed();
      if (files.length === 0 || files.length > MAX_FILES) throw new BidRefused('FILE_COUNT', `文件数应为 1 至 ${MAX_FILES}。`, `A bid has 1 to ${MAX_FILES} files.`);
      const judging = judge({ project: project.id, requestId, files }, company, receivedAt);
      receiving.set(key, judging);
      return summary(await judging.finally(() => receiving.delete(key)));
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
          if (length > Math.min(file.length, MAX_FILE)) throw otherFile();
          hash.update(part);
          yield part;
        }
      };
      // Beside its place until it is known to be the one; two tabs may bring it at once.
      const arriving = `${pathOf(bid, index)}-${randomUUID()}`;
      try {
        await pipeline(Readable.fromWeb(body), bounded, createWriteStream(arriving));
        if (hash.digest('hex') !== file.sha256) throw otherFile();
        await rename(arriving, pathOf(bid, index));
      } finally {
        await rm(arriving, { force: true });
      }
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

function isSignedFile(file) {
  return typeof file?.name === 'string' && file.message instanceof Uint8Array && Number.isSafeInteger(file.length) && file.head instanceof Uint8Array && Array.isArray(file.digests)
    && file.digests.every((digest) => typeof digest?.algorithm === 'string' && digest.prefix instanceof Uint8Array && digest.value instanceof Uint8Array);
}

function hex(bytes) {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('hex');
}
