// A chunk of its own: what a report says is a third of what all elements weigh, and a page in which bids are signed shows none.
export { simpleReport } from '@hefu/verify';
