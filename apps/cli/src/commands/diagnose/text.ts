import type { CapabilityWire, DiagnosticQuestionWire, DiagnosticWire } from '@holdfast/api'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { tableText, type Column } from '../../render/table.ts'

/** The whole diagnostic: a line a question, a line a capability, and why what is not covered is not. */
export function diagnosticText(diagnostic: DiagnosticWire, paint: Paint): string {
  const { questions, capabilities, phases } = diagnostic
  const rows = questions.map((one) => ({ ...one, what: one.question }))
  const table = capabilities.map((one) => ({ ...one, what: one.capability }))
  const ends = Object.entries(phases).map(([phase, verdict]) => `${phase} ${painted(verdict, paint)}`)
  return [
    headText(diagnostic),
    `\n${tableText({ columns: COLUMNS, rows, paint, isWide: false })}`,
    `\n${tableText({ columns: [PHASE, ...COLUMNS], rows: table, paint, isWide: false })}`,
    `\n${ends.join('   ')}\n`,
    ...[...rows, ...table].flatMap(({ id, missing }) => missing.map((why) => `${id}  ${inert(why)}\n`)),
    `\nlooked up in ${diagnostic.tookMs} ms over ${diagnostic.size} log entries; open ${inert(diagnostic.path)} in the workspace\n`,
  ].join('')
}

/** One question with everything that was looked at. */
export function questionText(diagnostic: DiagnosticWire, question: DiagnosticQuestionWire, paint: Paint): string {
  const { id, question: asked, verdict, checks, path } = question
  const lines = checks.map(({ what, outcome, reason, evidence }) => {
    const shown = evidence
      .filter(({ count }) => count > 0)
      .map(({ what: of, entries, count }) => {
        const more = count > entries.length ? ` and ${count - entries.length} more` : ''
        return `      ${inert(of)}: log entries ${entries.join(', ')}${more}\n`
      })
    return `  ${MARKS[outcome]}  ${what}: ${inert(reason)}\n${shown.join('')}`
  })
  return `${headText(diagnostic)}\n${id}  ${asked}\n${painted(verdict, paint)}\n${lines.join('')}\nopen ${inert(path)} in the workspace\n`
}

const MARKS = { met: 'yes', unmet: 'no ', constrained: '-- ' } as const

function headText({ name, agent, at, chosen, pickedBecause, hostedBy }: DiagnosticWire): string {
  const instant = `as of ${at}${chosen ? '' : ', its newest record'}`
  const host = hostedBy === undefined ? '' : `hosted by ${hostedBy.platform} (log entry ${hostedBy.entry})\n`
  const picked = pickedBecause === undefined ? '' : `${pickedBecause}\n`
  return `${inert(name)}  ${inert(agent)}  ${instant}\n${picked}${host}`
}

type Row = { readonly id: string; readonly what: string; readonly verdict: string } & Pick<
  CapabilityWire,
  'checks' | 'evidence'
>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', value: ({ id }) => id },
  {
    title: 'VERDICT',
    value: ({ verdict }) => verdict,
    paint: ({ verdict }, text, paint) => painted(verdict, paint, text),
  },
  {
    title: 'SHOWN',
    value: ({ checks }) => `${checks.filter(({ outcome }) => outcome === 'met').length} of ${checks.length}`,
    align: 'right',
  },
  {
    title: 'ENTRIES',
    value: ({ evidence }) => evidence.reduce((sum, { count }) => sum + count, 0),
    align: 'right',
  },
  { title: 'QUESTION OR CAPABILITY', value: ({ what }) => what, widest: 90 },
]

const PHASE: Column<Row & { readonly phase?: string }> = { title: 'PHASE', value: ({ phase }) => phase }

function painted(verdict: string, paint: Paint, text: string = verdict): string {
  if (verdict === 'yes' || verdict === 'covered') return paint.good(text)
  return verdict === 'no' || verdict === 'missing' ? paint.bad(text) : paint.warn(text)
}
