import { AUDIT_VERDICTS, AUDITS, type Audit, type AuditVerdict } from '@holdfast/model'
import { buildCommand } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'
import { parseEntries } from './case-commands.ts'

type ReportFlags = DataFlags & OutputFlags<ReportFormat>
export type ScopeFlags = ReportFlags & { readonly freeze: boolean; readonly reason?: string }
export type SweepFlags = ReportFlags
export type AuditFlags = ReportFlags & {
  readonly mark?: Audit
  readonly item?: readonly string[]
  readonly as?: AuditVerdict
  readonly reason?: string
  readonly entries?: readonly number[]
  readonly scan?: string
  readonly image?: string
}

const aliases = bare({ o: 'output' } as const)
const incident = { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] } as const
const reason = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Why; it is recorded',
  placeholder: 'TEXT',
} as const

export const scopeCommand = buildWritingCommand<ScopeFlags, [string]>({
  loader: async () => (await import('./scope.ts')).incidentsScope,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'what was touched, what could have been, and where it began'),
      freeze: { kind: 'boolean', default: false, withNegated: false, brief: 'Fix the scope as it is now, on record' },
      reason,
    }),
    aliases,
    positional: incident,
  },
  docs: documentation('What an incident touched and could have reached: agents, data, identities, tools, sources', [
    ['inc-4bf9', 'counts and names, with what nobody counted'],
    ['inc-4bf9 --freeze --reason "Analyze is done"', 'what comes later is seen against it'],
    ["inc-4bf9 --json | jq '.touched.records'", 'for scripts'],
  ]),
})

export const sweepCommand = buildCommand<SweepFlags, [string], CliContext>({
  loader: async () => (await import('./scope.ts')).incidentsSweep,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'each receiver with its verdict and what was read') }),
    aliases,
    positional: incident,
  },
  docs: documentation('Who was given work by a tainted agent, and whether anything of it crossed', [
    ['inc-4bf9', 'tainted, undecided or cleared, with the words that crossed; exits 1 while one is undecided'],
    ['inc-4bf9 --json | jq \'.receivers[] | select(.verdict == "cleared").receiver\'', 'who is clear'],
  ]),
})

export const auditCommand = buildWritingCommand<AuditFlags, [string]>({
  loader: async () => (await import('./audit.ts')).incidentsAudit,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'every row that is gone through, and who looked at it'),
      mark: { kind: 'enum', values: AUDITS, optional: true, brief: 'Mark rows of this audit', placeholder: 'AUDIT' },
      item: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'Row to mark, repeatable; every open one without it',
        placeholder: 'ROW',
      },
      as: { kind: 'enum', values: AUDIT_VERDICTS, optional: true, brief: 'What came of it', placeholder: 'VERDICT' },
      reason,
      entries: {
        kind: 'parsed',
        parse: parseEntries,
        optional: true,
        brief: 'Log positions that show it',
        placeholder: 'N,N',
      },
      scan: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Attach what a scanner said: JSON of Trivy or Grype, or SARIF',
        placeholder: 'FILE',
      },
      image: { kind: 'parsed', parse: String, optional: true, brief: 'Image that was scanned', placeholder: 'IMAGE' },
    }),
    aliases,
    positional: incident,
  },
  docs: documentation(
    'What is gone through after an incident: siblings, channels and gates, tool descriptions, reach, identities',
    [
      ['inc-4bf9', 'what is open, row by row; exits 1 while something is'],
      ['inc-4bf9 --mark gate --as settled --reason "a filter reads mails now" --entries 412', 'every open gate'],
      ['inc-4bf9 --mark sibling --item "document kb kb/claims" --as clear --reason "read it"', 'one row'],
      ['inc-4bf9 --scan trivy.json --image office:1.3', 'findings in a rebuilt image'],
    ],
  ),
})
