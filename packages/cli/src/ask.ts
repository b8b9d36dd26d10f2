import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** One line from the person at the terminal. The question goes to standard error: standard output is for results. */
export async function askOnTerminal(question: string, options: { readonly secret?: boolean } = {}): Promise<string> {
  process.stderr.write(question);
  // readline echoes what is typed into its output: into nowhere for a secret.
  const output = options.secret === true ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  const stop = new AbortController();
  reader.once('close', () => stop.abort());
  try {
    return await reader.question('', { signal: stop.signal });
  } catch {
    return ''; // end of input, Ctrl-C
  } finally {
    reader.close();
    if (options.secret === true) process.stderr.write('\n');
  }
}
