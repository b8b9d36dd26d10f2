// A chunk of its own: needed where a verdict has something to say, and nowhere else.
export { diagnoseSigner, inWords, reportMalformed } from '@hefu/verify';
