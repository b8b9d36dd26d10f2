// A chunk of its own: a page that signs by way of a backend never loads the judge for it.
export { createSigningSession, resumeSigningSession } from '@hefu/sign';
