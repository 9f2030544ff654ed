import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, type DataFlags, noInputFlag } from '../../flags.ts'
import { documentation, idArgument } from '../documentation.ts'

export const DOCUMENT_FORMS = ['markdown', 'html', 'json', 'pdf'] as const

export type DocumentForm = (typeof DOCUMENT_FORMS)[number]

export type DocumentFlags = DataFlags & {
  readonly as?: DocumentForm
  readonly json: boolean
  readonly noInput: boolean
  readonly out?: string
  readonly force: boolean
}

export const documentCommand = buildCommand<DocumentFlags, [string], CliContext>({
  loader: async () => (await import('./document.ts')).incidentsDocument,
  parameters: {
    flags: bare({
      ...dataFlag,
      as: {
        kind: 'enum',
        values: DOCUMENT_FORMS,
        optional: true,
        brief: 'Form (default: markdown)',
        placeholder: 'FORM',
      },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'Same as --as json' },
      ...noInputFlag,
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'File to write; a PDF needs one, others are printed without',
        placeholder: 'PATH',
      },
      force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace a file that exists' },
    }),
    positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
  },
  docs: documentation(
    'The report of an incident: first finding, steps, tools, findings, remediation, confidence, evidence, timeline',
    [
      ['inc-4bf92f3577b34da6', 'as Markdown'],
      ['inc-4bf9 --as html --out report.html', 'one file, without scripts, to read or print'],
      ['inc-4bf9 --as pdf --out report.pdf', 'printed by the Chromium of this machine'],
      ['inc-4bf9 --json', 'in the form of docs/schemas/incident-report.json'],
    ],
    'All forms say the same facts. Who reads a report is on record before it is made.',
  ),
})
