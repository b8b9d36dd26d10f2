import type { Holder } from './holder.js';
import { organisationCode, uscc, withWrongCheck } from '../uscc.js';

/** What has become of a company's certificates. */
export type CompanyState = 'good' | 'expired' | 'revoked' | 'frozen';

export interface CompanyDesign extends Holder {
  readonly authority: string;
  /** Which of the CA's keys issued; default the newest. */
  readonly keyLabel?: string;
  readonly state: CompanyState;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly region: string;
  readonly authority: string;
  readonly keyLabel?: string;
  readonly state?: CompanyState;
  readonly wrongCheck?: boolean;
}

/** The order is part of the world: each company's number follows from its place. Append only. */
const ROWS: readonly Row[] = [
  { id: 'qinghe', name: '沙盒青禾建设工程有限公司', nameEn: 'Sandbox Qinghe Construction', region: '420100', authority: 'chujiang' },
  { id: 'bohan', name: '沙盒泊瀚市政工程有限公司', nameEn: 'Sandbox Bohan Municipal Works', region: '420100', authority: 'hanmian', wrongCheck: true },
  { id: 'lushi', name: '沙盒麓石建筑设计有限公司', nameEn: 'Sandbox Lushi Architects', region: '420200', authority: 'yunze' },
  { id: 'yanqiao', name: '沙盒雁桥交通科技有限公司', nameEn: 'Sandbox Yanqiao Transport', region: '420700', authority: 'jingling' },
  { id: 'hengtao', name: '沙盒衡涛软件有限公司', nameEn: 'Sandbox Hengtao Software', region: '420900', authority: 'dongyuan' },
  { id: 'tingyu', name: '沙盒汀屿水利工程有限公司', nameEn: 'Sandbox Tingyu Waterworks', region: '421100', authority: 'mingze' },
  { id: 'songyan', name: '沙盒松砚监理咨询有限公司', nameEn: 'Sandbox Songyan Supervision', region: '421200', authority: 'xichuan', keyLabel: '2022' },
  { id: 'yuanlan', name: '沙盒远岚电力安装有限公司', nameEn: 'Sandbox Yuanlan Power', region: '421200', authority: 'xichuan', keyLabel: '2019' },
  { id: 'jixue', name: '沙盒霁雪暖通设备有限公司', nameEn: 'Sandbox Jixue HVAC', region: '429004', authority: 'pingwu' },
  { id: 'muzhou', name: '沙盒木舟物流服务有限公司', nameEn: 'Sandbox Muzhou Logistics', region: '429006', authority: 'nanqu' },
  { id: 'chenlu', name: '沙盒晨麓园林绿化有限公司', nameEn: 'Sandbox Chenlu Landscaping', region: '429005', authority: 'changfeng' },
  { id: 'jianjia', name: '沙盒蒹葭环境治理有限公司', nameEn: 'Sandbox Jianjia Environment', region: '420100', authority: 'suiyun' },
  { id: 'hexi', name: '沙盒鹤溪农业装备有限公司', nameEn: 'Sandbox Hexi Farm Equipment', region: '429004', authority: 'xianhe' },
  { id: 'guyun', name: '沙盒古筠古建修缮有限公司', nameEn: 'Sandbox Guyun Restoration', region: '421100', authority: 'guting' },
  { id: 'wanqiu', name: '沙盒晚秋装饰工程有限公司', nameEn: 'Sandbox Wanqiu Interiors', region: '420100', authority: 'chujiang', state: 'expired' },
  { id: 'duanqiao', name: '沙盒断桥钢结构有限公司', nameEn: 'Sandbox Duanqiao Steel', region: '420200', authority: 'chujiang', state: 'revoked' },
  { id: 'shuangjiang', name: '沙盒霜降制冷工程有限公司', nameEn: 'Sandbox Shuangjiang Cooling', region: '420700', authority: 'yunze', state: 'frozen' },
  { id: 'jiushi', name: '沙盒旧时路桥工程有限公司', nameEn: 'Sandbox Jiushi Bridges', region: '420900', authority: 'hanmian', keyLabel: '2018' },
  { id: 'yelu', name: '沙盒野鹭测绘有限公司', nameEn: 'Sandbox Yelu Surveying', region: '421200', authority: 'yehe' },
];

export const COMPANY_DESIGNS: readonly CompanyDesign[] = ROWS.map((row, index) => {
  const orgCode = organisationCode(`HEFU${String(index + 1).padStart(4, '0')}`);
  const right = uscc(row.region, orgCode);
  return {
    id: row.id,
    name: row.name,
    nameEn: row.nameEn,
    region: row.region,
    authority: row.authority,
    ...(row.keyLabel === undefined ? {} : { keyLabel: row.keyLabel }),
    state: row.state ?? 'good',
    orgCode,
    uscc: row.wrongCheck === true ? withWrongCheck(right) : right,
  };
});
