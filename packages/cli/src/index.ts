export { main } from './main.js';
export type { Terminal } from './terminal.js';
export { ExitCode } from './exit-code.js';
