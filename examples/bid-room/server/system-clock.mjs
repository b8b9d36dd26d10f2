/** Yours: the platform's time, which decides about deadlines: keep the machine's clock in step with an authority (NTP, a time-stamp service). */
export const SYSTEM_CLOCK = {
  now: () => Date.now(),
  sleep: (ms, signal) => new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  }),
};
