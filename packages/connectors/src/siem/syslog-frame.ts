import type { Notice } from '@holdfast/respond'

/** Facility 13, log audit (RFC 5424, table 1). */
const FACILITY = 13
const SEVERITY: Readonly<Record<Notice['severity'], number>> = { info: 6, low: 5, medium: 4, high: 3, critical: 2 }

/** One message of RFC 5424 in UTF-8, with the byte order mark that says so. `text` holds no control characters. */
export function syslogMessage(
  { severity, kind, at }: Pick<Notice, 'severity' | 'kind' | 'at'>,
  { host, text }: { readonly host: string; readonly text: string },
): Buffer {
  const time = new Date(Number(at / 1_000_000n)).toISOString()
  const head = `<${FACILITY * 8 + SEVERITY[severity]}>1 ${time} ${printable(host)} holdfast - ${kind} - `
  return Buffer.concat([Buffer.from(head, 'ascii'), Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text, 'utf8')])
}

/** Octet counting of RFC 6587, and of RFC 5425 for TLS: no text can end a frame. */
export function countedFrame(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `, 'ascii'), message])
}

/** HOSTNAME takes 1 to 255 printable ASCII characters without spaces. */
function printable(host: string): string {
  const text = host.replaceAll(/[^\x21-\x7e]/g, '-').slice(0, 255)
  return text === '' ? '-' : text
}
