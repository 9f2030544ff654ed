import type { Notice } from '@holdfast/respond'
import { noticeText } from '../text/notice-text.ts'

/** CEF counts severity from 0 to 10. */
const SEVERITY: Readonly<Record<Notice['severity'], number>> = { info: 1, low: 3, medium: 5, high: 8, critical: 10 }

/**
 * A notice as one CEF line (ArcSight Common Event Format, version 0). It loses what CEF has no field for; a collector that
 * takes OCSF gets the whole. Text in it was made one inert line first, so that nothing in it ends a field or a line.
 */
export function cefLine(
  notice: Notice,
  { key, base, version }: { readonly key: string; readonly base: string; readonly version: string },
): string {
  const { title, lines, link } = noticeText(notice, base)
  const header = ['CEF:0', ...['Holdfast', 'Holdfast', version, notice.kind, title].map(escapeHeader)]
  const extension = [
    ['externalId', key],
    ['rt', String(notice.at / 1_000_000n)],
    ['cs1Label', 'incident'],
    ['cs1', notice.incident],
    ...(notice.type === undefined
      ? []
      : [
          ['cs2Label', 'incidentType'],
          ['cs2', notice.type],
        ]),
    ...(notice.action === undefined
      ? []
      : [
          ['act', notice.action.rung],
          ['outcome', notice.action.state],
        ]),
    ['request', link],
    ['msg', lines.join(' | ').slice(0, 1_000)],
  ].map(([name = '', value = '']) => `${name}=${escapeExtension(value)}`)
  return `${header.join('|')}|${SEVERITY[notice.severity]}|${extension.join(' ')}`
}

/** In the header a bar ends a field. */
function escapeHeader(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('|', String.raw`\|`)
}

/** In the extension an equals sign makes a field of the word before it. */
function escapeExtension(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('=', String.raw`\=`)
}
