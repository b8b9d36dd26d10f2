/** A city of the world: GB/T 2260 code and names. */
export interface City {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

/** The nine cities of the Wuhan metropolitan circle. The places are real; nothing else in the sandbox is. */
export const NINE_CITIES: readonly City[] = [
  { code: '420100', zh: '武汉', en: 'Wuhan' },
  { code: '420200', zh: '黄石', en: 'Huangshi' },
  { code: '420700', zh: '鄂州', en: 'Ezhou' },
  { code: '420900', zh: '孝感', en: 'Xiaogan' },
  { code: '421100', zh: '黄冈', en: 'Huanggang' },
  { code: '421200', zh: '咸宁', en: 'Xianning' },
  { code: '429004', zh: '仙桃', en: 'Xiantao' },
  { code: '429006', zh: '天门', en: 'Tianmen' },
  { code: '429005', zh: '潜江', en: 'Qianjiang' },
];
