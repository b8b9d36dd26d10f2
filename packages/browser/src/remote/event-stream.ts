import type { JsonObject } from '@hefu/sign';
import type { NumberedEvent } from './protocol.js';

/** Characters of one event: a few thousand signatures with their reports. */
const MAX_EVENT = 64 * 1024 * 1024;

/**
 * Reads server-sent events (HTML §9.2.6) of a response: those with an id and data. Over `fetch`, since EventSource sends no header of
 * ours and gives up on some errors.
 * @param heard told of every piece, comments included
 */
export async function* readEventStream(response: Response, heard: () => void): AsyncGenerator<NumberedEvent, void, void> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard();
      text += decoder.decode(part.value, { stream: true });
      if (text.length > MAX_EVENT) throw new Error('an event without end');
      // What our backend writes: line feeds alone, one data line.
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const event = readEvent(text.slice(0, at));
        text = text.slice(at + 2);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function readEvent(block: string): NumberedEvent | undefined {
  const field = (name: string): string | undefined => block.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const [id, data] = [field('id'), field('data')];
  return id === undefined || data === undefined ? undefined : { id, event: JSON.parse(data) as JsonObject };
}
