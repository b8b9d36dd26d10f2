export { createClientShare, isPublicPoint, openClientRound } from './client.js';
export type { ClientRound, ClientShare, RoundResult, ServerAnswer } from './client.js';
export { answerRound, createServerShare } from './server.js';
export type { ServerShare } from './server.js';
export { SCALAR_ENTROPY } from './scalar.js';
