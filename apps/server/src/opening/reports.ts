import { Reports } from '../reports/reports.ts'
import { VERSION } from '../version.ts'
import type { Accounting } from './accounting.ts'
import type { Casework } from './casework.ts'
import type { Acting } from './response.ts'
import type { Spine } from './spine.ts'

type Given = Pick<Casework, 'cases' | 'matrix' | 'book'> &
  Pick<Accounting, 'annotations' | 'duties' | 'reveals'> &
  Pick<Acting, 'containments'>

/** Makes who reports on incidents, last of all: a report says what became of what every other part did. */
export function openReports({ recorder, views, clock }: Spine, given: Given): Reports {
  const { annotations, cases, matrix, book, duties, reveals, containments } = given
  return new Reports({
    recorder,
    views,
    annotations,
    cases,
    matrix,
    acted: { cases, containments, book },
    duties: async ({ incident }) => duties.clocksOf(incident),
    reveals,
    clock,
    version: VERSION,
  })
}
