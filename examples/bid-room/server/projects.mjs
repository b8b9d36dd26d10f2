const HOUR = 3_600_000;

/** Yours: what may be bid for. Regions are GB/T 2260 codes: a certificate counts where the list says so. */
export function projectsAt(now) {
  return [
    { id: 'WH-2026-0117', region: '420100', transaction: '工程建设', name: { zh: '滨江大道综合管廊工程', en: 'Utility tunnel, Binjiang Avenue' }, closesAt: now + 2 * HOUR },
    { id: 'EZ-2026-0042', region: '420700', transaction: '工程建设', name: { zh: '城东小学教学楼扩建', en: 'Chengdong primary school, new wing' }, closesAt: now + 26 * HOUR },
    { id: 'HS-2026-0008', region: '420200', transaction: '工程建设', name: { zh: '老城区供水管网改造', en: 'Old town water mains' }, closesAt: now - HOUR },
  ];
}
