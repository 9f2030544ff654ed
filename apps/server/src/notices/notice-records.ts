import type { NoticeRecord, UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'
import { LINE_CHARACTERS, LINES_OF_ONE, TITLE_CHARACTERS } from './limits.ts'

type Told = Extract<NoticeRecord, { readonly do: 'told' }>

/** A notice as it is recorded: within its bounds, and JSON knows no integers of 64 bits. */
export function recordOf(notice: Notice, channels: readonly string[]): Told {
  return {
    do: 'told',
    channels,
    notice: {
      ...notice,
      title: notice.title.slice(0, TITLE_CHARACTERS),
      lines: notice.lines.slice(0, LINES_OF_ONE).map((line) => line.slice(0, LINE_CHARACTERS)),
      at: notice.at.toString(),
    },
  }
}

/** A notice as it was recorded by {@link recordOf}: nobody else writes control records. */
export function noticeOf({ notice }: Told): Notice {
  const read = notice as unknown as Omit<Notice, 'at'> & { readonly at: string } // what recordOf wrote
  return { ...read, at: BigInt(read.at) as UnixNano } // written from a UnixNano
}
