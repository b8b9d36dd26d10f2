// A chunk of its own: needed where time-stamps, or proofs of existence, place a signature in time.
export { placeByEvidence } from '@hefu/verify';
