import type { Readable } from 'node:stream'
import type { DiagnosticWire } from '@holdfast/api'
import { counted, type DiagnosticQuestion } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import { recordedExport } from '../recorded-export.ts'
import type { Attestations } from './attestations.ts'
import type { Diagnostics } from './diagnostics.ts'
import { DAYS_MADE_UP, PACK_ENTRIES } from './limits.ts'
import type { Scorecards } from './scorecards.ts'
import type { Asked } from './target.ts'
import { entriesOf } from './wire.ts'

export type PackRequest = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'exportBundle'>
  readonly diagnostics: Pick<Diagnostics, 'ask'>
  readonly scorecards: Pick<Scorecards, 'rows' | 'history'>
  readonly attestations: Pick<Attestations, 'list'>
  readonly folder: string
  readonly by: string
  readonly asked: Asked
  /** One of the five alone; the whole diagnostic with the scorecard and the newest attestations unless told. */
  readonly question: DiagnosticQuestion | undefined
}

export type Pack = { readonly name: string; readonly bytes: number; readonly content: Readable }

/**
 * The answers with the log entries that they rest on, as a bundle that verifies without a server. Who exports is in the log
 * before the bundle exists, and how it ended after (FC3).
 */
export async function exportPack(request: PackRequest): Promise<Pack> {
  const { recorder, folder, by, question } = request
  const { wire } = await request.diagnostics.ask(request.asked)
  const parts = question === undefined ? whole(request, wire) : oneOf(wire, question)
  const target = `diagnostic ${question ?? ''} ${wire.agent}`.replace('  ', ' ')
  const detail = counted(parts.entries.length, 'entry', 'entries')
  const exported = await recordedExport(
    { recorder, folder },
    { action: 'export-diagnostic', by, target, detail },
    (out) => {
      const entries = parts.entries.slice(0, PACK_ENTRIES)
      return recorder.exportBundle({
        entries,
        about: {
          kind: 'diagnostic',
          agent: wire.agent,
          at: wire.at,
          ...(question === undefined ? {} : { question }),
          entries: entries.length,
          entriesLeftOut: parts.entries.length - entries.length,
          exportedBy: by,
        },
        files: parts.files,
        out,
      })
    },
  )
  return { name: `holdfast-diagnostic-${(question ?? 'all').toLowerCase()}-${wire.at.slice(0, 10)}.zip`, ...exported }
}

type Parts = { readonly entries: readonly number[]; readonly files: ReadonlyMap<string, string> }

function oneOf(wire: DiagnosticWire, question: DiagnosticQuestion): Parts {
  const questions = wire.questions.filter(({ id }) => id === question)
  return {
    entries: entriesOf(questions),
    files: new Map([['diagnostic.json', text({ ...wire, questions, capabilities: [] })]]),
  }
}

/** With who scored what and why, and the statements of the newest days, which are entries themselves. */
function whole({ scorecards, attestations }: PackRequest, wire: DiagnosticWire): Parts {
  const { items, missing } = attestations.list()
  const newest = items.slice(-DAYS_MADE_UP)
  const { rows, history } = scorecards
  return {
    entries: [
      ...new Set([
        ...entriesOf([...wire.questions, ...wire.capabilities]),
        ...newest.map(({ entry }) => entry),
        ...history.map(({ entry }) => entry),
      ]),
    ],
    files: new Map([
      ['diagnostic.json', text(wire)],
      ['scorecard.json', text({ rows, history })],
      ['attestations.json', text({ items: newest, missing })],
    ]),
  }
}

function text(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}
