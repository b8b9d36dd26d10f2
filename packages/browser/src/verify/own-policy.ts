// A chunk of its own: needed for pages with a policy of their own.
export { readPolicy } from '@hefu/verify';
