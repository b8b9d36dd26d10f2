// A chunk of its own: needed where a signature has failed, and nowhere else.
export { diagnoseSigner } from '@hefu/verify';
