const NAME = 'bid-room-pending';

/**
 * The bid of this browser: begun, signed, handed in. Names and no secret, so that a reload, a crash and another tab go on with it.
 * `{ requestId, company, project, service, files, order?, again?, receipt?, complete? }`: `order` until the platform has it, `again` after a
 * failure that left something to find out or to go on with.
 */
export const pending = {
  get: () => JSON.parse(localStorage.getItem(NAME) ?? 'null'),
  set: (value) => localStorage.setItem(NAME, JSON.stringify(value)),
  clear: () => localStorage.removeItem(NAME),
  /** Something that must not be begun a second time. */
  underWay: () => { const bid = pending.get(); return bid !== null && bid.complete !== true ? bid : undefined; },
  /** Told when another tab changed it. */
  onChange: (tell) => addEventListener('storage', ({ key }) => { if (key === NAME || key === null) tell(); }),
  /** One tab at a time. */
  alone: (act) => navigator.locks.request(NAME, act),
};
