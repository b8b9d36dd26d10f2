import type { TransportErrorCode } from './codes.js';
import { row, type SignErrorRow } from './row.js';

export const TRANSPORT_ERRORS: Readonly<Record<TransportErrorCode, SignErrorRow>> = {
  CLOCK_SKEW: row('user · new-session · not-signed', ['本机时间与服务器时间相差过大。', 'The clock of this machine differs too much from the server’s.'], ['请将系统时间设为自动同步后重试。', 'Let the system set its time automatically, then try again.']),
  DEADLINE_TOO_CLOSE: row('user · never · not-signed', ['距投标截止时间太近，来不及完成签名。', 'The deadline is too close to complete the signing.'], ['请减少需确认的次数（如清单签名），或改用可立即签名的证书。', 'Need fewer confirmations, as by a manifest, or use a credential that signs at once.']),
  DEADLINE_PASSED: row('user · never · not-signed', ['投标截止时间已过。', 'The deadline has passed.'], ['请联系招标代理机构。', 'Contact the tendering agency.']),
  NETWORK: row('network · same-request · not-signed', ['网络连接失败。', 'The network failed.'], ['请检查网络后重试。', 'Check the network and try again.']),
  RATE_LIMITED: row('provider · after · not-signed', ['请求过于频繁。', 'There were too many requests.'], ['请稍候再试。', 'Wait a little, then try again.']),
  PROVIDER_UNAVAILABLE: row('provider · after · not-signed', ['签名服务暂时不可用。', 'The signing service is not available.'], ['请稍后再试，或改用其他证书。', 'Try later, or use another credential.']),
  PROVIDER_PROTOCOL: row('provider · never · unknown', ['签名服务的应答不符合约定。', 'The signing service answered against its protocol.'], ['请联系签名服务商；重试前请先确认是否已签名。', 'Contact the signing service; find out whether it signed before trying again.']),
  PROVIDER_REFUSED: row('provider · never · not-signed', ['签名服务拒绝了请求。', 'The signing service refused the request.'], ['请查看签名服务商给出的原因。', 'See the reason the signing service gives.']),
  OUTCOME_UNKNOWN: row('network · reconcile · unknown', ['无法确定签名是否已完成。', 'Whether the signature was made is not known.'], ['请勿直接重试；请先查询签名结果。', 'Do not simply try again; first find out what became of it.']),
  ADAPTER_MISCONFIGURED: row('integrator · never · not-signed', ['签名组件配置或实现有误。', 'The signing component is configured or built wrongly.'], ['请联系平台运维人员。', 'Tell the operators of the platform.']),
  SNAPSHOT_INVALID: row('integrator · new-session · not-signed', ['保存的签名进度无法恢复。', 'The saved progress cannot be resumed.'], ['请先查询签名结果，再重新发起签名。', 'Find out what became of it, then start again.']),
  INSECURE_CONTEXT: row('integrator · never · not-signed', ['当前页面不安全，不能签名。', 'This page is not secure, so nothing is signed.'], ['请通过 HTTPS 访问。', 'Use HTTPS.']),
  CORS_BLOCKED: row('integrator · never · not-signed', ['浏览器不允许直接访问签名服务。', 'The browser may not reach the signing service directly.'], ['请通过平台后端转发请求。', 'Go through the backend of the platform.']),
  ABORTED: row('integrator · new-session · not-signed', ['签名被中止。', 'The signing was aborted.'], ['需要时请重新发起签名。', 'Start again when needed.']),
};
