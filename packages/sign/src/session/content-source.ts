import { equalBytes } from '@hefu/pki';
import type { Content } from '@hefu/verify';
import type { Capabilities } from '../adapter/index.js';
import { SignError } from '../error.js';
import { maxTbs, pinItem, takesContent, type ItemToSign, type PinnedItem, type Preparation } from './prepare-items.js';

/** Where the content of an item is had, for providers that hash it themselves and for a second look. */
export interface ContentSource {
  /** Whole, and the one that was pinned. @throws SignError FILE_CHANGED, or ALGORITHM_UNSUPPORTED with detail `content-not-here` */
  whole(item: PinnedItem): Promise<Uint8Array>;
}

export function createContentSource(here: ReadonlyMap<string, Content>, reread: ((itemId: string) => Promise<Content>) | undefined, preparation: Preparation): ContentSource {
  return {
    async whole(item) {
      const { itemId } = item;
      const given = here.get(itemId);
      const content = given instanceof Uint8Array ? given : await reread?.(itemId);
      if (!(content instanceof Uint8Array)) throw new SignError('ALGORITHM_UNSUPPORTED', `the provider takes the content of ${itemId}, which is not here`, { itemId, detail: 'content-not-here' });
      if (!isPinned(item, content, preparation)) throw new SignError('FILE_CHANGED', 'the content is not the one that was hashed', { itemId, outcome: 'not-signed' });
      return content;
    },
  };
}

/** Whether a content is the one an item was pinned with. */
export function isPinned(item: PinnedItem, content: Content, preparation: Preparation): boolean {
  return content.length === item.length && equalBytes(pinItem({ itemId: item.itemId, label: item.label, content }, preparation).digest, item.digest);
}

/**
 * Before anything is begun: can every item be given to a provider that takes contents.
 * @throws SignError ALGORITHM_UNSUPPORTED; `detail`: `too-large` (then `attrs-za` signs attributes instead), `content-not-here`
 */
export function requireContents(items: readonly ItemToSign[], preparation: Preparation, capabilities: Capabilities, rereads: boolean): void {
  if (!takesContent(preparation, capabilities)) return;
  for (const { itemId, content } of items) {
    if (content.length > maxTbs(capabilities)) throw new SignError('ALGORITHM_UNSUPPORTED', `${itemId} has ${content.length} octets, the provider takes ${maxTbs(capabilities)}`, { itemId, detail: 'too-large' });
    if (!(content instanceof Uint8Array) && !rereads) throw new SignError('ALGORITHM_UNSUPPORTED', `the provider takes the content of ${itemId}, which is not here`, { itemId, detail: 'content-not-here' });
  }
}
