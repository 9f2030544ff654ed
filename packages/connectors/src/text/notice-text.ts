import type { Notice } from '@holdfast/respond'
import { inertLine } from './inert.ts'

/** Characters that every service takes in a title and in a line. */
const TITLE = 240
const LINE = 500
const LINES = 20

/** What a channel may send of a notice: words made inert, identifiers, and where the workspace shows more. */
export type NoticeText = {
  readonly title: string
  readonly lines: readonly string[]
  /** False where lines were left out or shortened: what is shown is then not all that was told. */
  readonly isWhole: boolean
  readonly for: readonly string[]
  readonly link: string
  readonly isoTime: string
}

/** `base`: address of the workspace, without a slash at its end. Names in a notice are captured text: untrusted. */
export function noticeText(notice: Notice, base: string): NoticeText {
  const lines = notice.lines.slice(0, LINES).map((line) => inertLine(line, LINE))
  return {
    // No service takes a message without words.
    title: inertLine(notice.title, TITLE).trim() || notice.kind,
    lines: lines.filter((line) => line.trim() !== ''),
    isWhole: notice.lines.length <= LINES && !lines.some((line) => line.length === LINE && line.endsWith('…')),
    for: notice.for.slice(0, LINES).map((team) => inertLine(team, 60)),
    link: linkOf(notice, base),
    isoTime: isoTime(notice),
  }
}

/** Where the workspace shows it. The path is ours; what is captured in it was encoded when it was made. */
export function linkOf({ path }: Notice, base: string): string {
  return encodeURI(`${base}${path.startsWith('/') ? path : `/${path}`}`)
}

/** To the millisecond, UTC. */
export function isoTime({ at }: Notice): string {
  return new Date(Number(at / 1_000_000n)).toISOString()
}
