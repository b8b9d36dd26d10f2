// A chunk of its own: needed where a report has something to say, and nowhere else.
export { inWords, reportMalformed } from '@hefu/verify';
