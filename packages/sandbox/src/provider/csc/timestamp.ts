import { buildTimeStampRequest, parseTimeStampResponse } from '@hefu/pki';
import { jsonAnswer } from '../facade.js';
import type { FaultPlan } from '../fault-plan.js';
import { createSeed } from '../../seed.js';
import { answerTimestamp } from '../../timestamp.js';
import { CscRefusal, text, type CscInput } from './request.js';
import type { CscState } from './state.js';

const HOUR = 3_600_000;

/** `signatures/timestamp`: a token of the world's first time-stamping unit that stamps this digest. Fault `timestamp-early`: its clock is an hour slow. */
export function timestamp(state: CscState, input: CscInput, faults: FaultPlan, path: string): Response {
  const { world, clock } = state.ground;
  const hashedMessage = new Uint8Array(Buffer.from(text(input, 'hash'), 'base64'));
  const hashAlgorithm = text(input, 'hashAlgo');
  const nonce = input['nonce'];
  if (nonce !== undefined && (typeof nonce !== 'string' || !/^[0-9A-Fa-f]{2,64}$/.test(nonce))) throw new CscRefusal('invalid_request', 'Invalid parameter nonce');
  const request = buildTimeStampRequest({ hashAlgorithm, hashedMessage, certReq: true, ...(nonce === undefined ? {} : { nonce: new Uint8Array(Buffer.from(nonce, 'hex')) }) });
  const unit = world.timestampAuthorities.find(({ id }) => id === (hashAlgorithm === '1.2.156.10197.1.401' ? 'sm2' : 'rsa'))!;
  const { token, status } = parseTimeStampResponse(answerTimestamp(request, unit, createSeed(world.seed), clock.now() - (faults.hits('timestamp-early', path) ? HOUR : 0)));
  if (token === undefined) throw new CscRefusal('invalid_request', `Invalid parameter hashAlgo or hash: ${status}`);
  const value = Buffer.from(token).toString('base64');
  return jsonAnswer(state.manners.formTimestamp ? { timeStampToken: value } : { timestamp: value });
}

