import { BrowserError } from './error.js';

/**
 * A part of this package that a bundler keeps for when it is needed: it may not be had any more, as offline or after a new release.
 * @throws BrowserError PART_UNAVAILABLE
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    throw new BrowserError('PART_UNAVAILABLE', 'a part of the program that is needed now could not be loaded', { cause });
  }
}
