import { INCIDENT_TYPES, type IncidentType } from '@holdfast/model'
import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, type DataFlags, outputFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ExportRunbookFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly out?: string; readonly force: boolean }
export type ImportRunbookFlags = DataFlags & OutputFlags<ReportFormat>

const exportCommand = buildCommand<ExportRunbookFlags, [IncidentType], CliContext>({
  loader: async () => (await import('./run.ts')).runbooksExport,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'the playbooks'),
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'File to write; printed without',
        placeholder: 'PATH',
      },
      force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace a file that exists' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [{ brief: 'Incident type', parse: parseType, placeholder: 'TYPE' }] },
  },
  docs: documentation('Write the runbook of an incident type as CACAO 2.0: seven playbooks, one that calls six', [
    ['reasoning-compromise --out rc.json', 'a JSON list of playbooks'],
  ]),
})

const importCommand = buildWritingCommand<ImportRunbookFlags, [string]>({
  loader: async () => (await import('./run.ts')).runbooksImport,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'the draft, or what was refused') }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [textArgument('PATH', 'JSON file with one playbook or a list of them; - for standard input')],
    },
  },
  docs: documentation(
    'Read CACAO 2.0 playbooks into a draft; nothing is put in force',
    [
      [
        'rc.json > draft.yaml',
        'ends with 1 where something in it is refused, such as a command that a machine would run',
      ],
    ],
    'A draft is for people to read. Put it into runbooks/ and start the server anew.',
  ),
})

export const runbooksCommands = buildRouteMap({
  routes: bare({ export: exportCommand, import: importCommand }),
  aliases: bare({}),
  docs: { brief: 'Runbooks as CACAO 2.0: export and import' },
})

function parseType(text: string): IncidentType {
  const found = INCIDENT_TYPES.find((known) => known === text)
  if (found === undefined) throw new SyntaxError(`a type is one of ${INCIDENT_TYPES.join(', ')}`)
  return found
}
