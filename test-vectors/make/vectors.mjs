// Every file of the vectors, by its path from this package's folder.
import { CaseBook } from './case-book.mjs';
import { BID, CHANGED_BID, makeWorld } from './ground.mjs';
import { Laboratory } from './laboratory.mjs';
import { attributes } from './topics/attributes.mjs';
import { federation } from './topics/federation.mjs';
import { forms } from './topics/forms.mjs';
import { identifiers } from './topics/identifiers.mjs';
import { identity } from './topics/identity.mjs';
import { lists } from './topics/lists.mjs';
import { path } from './topics/path.mjs';
import { policy } from './topics/policy.mjs';
import { revocation } from './topics/revocation.mjs';
import { scenarios } from './topics/scenarios.mjs';
import { shape } from './topics/shape.mjs';
import { trust } from './topics/trust.mjs';
import { validity } from './topics/validity.mjs';
import { value } from './topics/value.mjs';

/** Deterministic: the same octets on every machine and every day. */
export function makeVectors() {
  const world = makeWorld();
  const book = new CaseBook();
  book.share('content/bid.txt', BID);
  book.share('content/bid-changed.txt', CHANGED_BID);
  book.share('list/role.json', Buffer.from(`${JSON.stringify(world.listRole, null, 2)}\n`));
  scenarios(book, world);
  const lab = new Laboratory(book, world);
  for (const topic of [forms, shape, value, identifiers, attributes, revocation, validity, trust, path, identity, policy]) topic(book, lab);
  lists(book, lab, world);
  federation(book, world);
  lab.writeList();
  return book.finish();
}
