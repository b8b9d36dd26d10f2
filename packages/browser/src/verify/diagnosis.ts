// A chunk of its own: needed where a signature does not verify, and nowhere else.
export { diagnoseSigner } from '@hefu/verify';
