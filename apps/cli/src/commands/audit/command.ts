import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags, keyFlag } from '../../flags.ts'
import {
  LIST_FORMATS,
  type ListFormat,
  REPORT_FORMATS,
  type ReportFormat,
  VERDICT_FORMATS,
  type VerdictFormat,
} from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type AuditRowFlags = DataFlags & OutputFlags<ReportFormat> & { readonly pack?: string; readonly force: boolean }

const rowCommand = buildCommand<AuditRowFlags, [string], CliContext>({
  loader: async () => (await import('./row.ts')).auditRow,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'the whole row with its proofs, which audit verify takes'),
      pack: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Write the row and all that it rests on as one file that verifies without a server',
        placeholder: 'FILE',
      },
      force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace a file that exists' },
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [
        textArgument(
          'ID',
          'Any id in it: event, trace, span, conversation, tool call, incident, document, ticket, row',
        ),
      ],
    },
  },
  docs: documentation(
    'One row: what an act did in every layer, tied to the input that set it off',
    [
      ['TCK-8841', 'the row that a ticket is part of: prompt, tools, egress and kernel, and how far each is there'],
      ['inc-4bf92f3577b34da6 --json > row.json', 'canonical JSON with a proof of every entry'],
      ['inc-4bf92f3577b34da6 --pack row.zip', 'the bodies as well, to hand over'],
    ],
    'Who reads a row is on record. Where several rows hold the id, the first is shown and the others are named.',
  ),
})

export type AuditListFlags = DataFlags &
  OutputFlags<ListFormat> & {
    readonly kind?: 'violation' | 'incident'
    readonly agent?: string
    readonly artifact?: string
    readonly limit?: number
  }

const listCommand = buildCommand<AuditListFlags, [], CliContext>({
  loader: async () => (await import('./list.ts')).auditList,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'items and facets'),
      kind: { kind: 'enum', values: ['violation', 'incident'], optional: true, brief: 'Only these' },
      agent: { kind: 'parsed', parse: String, optional: true, brief: 'Only of this agent', placeholder: 'AGENT' },
      artifact: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only violations of this artifact, by its whole id',
        placeholder: 'ID',
      },
      limit: { kind: 'parsed', parse: parseCount, optional: true, brief: 'At most so many', placeholder: 'N' },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Violations of policies and incidents, newest first, each with its row', [
    ['', 'all of them, and how many of each kind, agent and mode'],
    ['--kind violation --agent support-agent --json', 'as one document'],
  ]),
})

export type AuditVerifyFlags = OutputFlags<VerdictFormat> & { readonly key?: string }

const verifyCommand = buildCommand<AuditVerifyFlags, [string], CliContext>({
  loader: async () => (await import('./verify.ts')).auditVerify,
  parameters: {
    flags: bare({
      ...outputFlags(VERDICT_FORMATS, 'verdict, problems and facts'),
      key: keyFlag,
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [
        textArgument('PATH', 'A row or a pack that audit row wrote, or the data folder of a stopped server'),
      ],
    },
  },
  docs: documentation(
    'Check a row without a server: exit 0 where it is whole, 1 naming the entry that is not',
    [
      ['row.zip', 'every entry, its proof, its body, the row and the signatures'],
      ['row.json --key log.vkey', 'the row alone, against the key of a log that you know'],
      ['/var/lib/holdfast', 'a whole log with its cold storage'],
    ],
    'The code that verifies shares nothing with the code that writes.',
  ),
})

export const auditCommands = buildRouteMap<'row' | 'list' | 'verify', CliContext>({
  routes: bare({ row: rowCommand, list: listCommand, verify: verifyCommand }),
  aliases: bare({}),
  docs: { brief: 'Audit rows: what an act did in every layer, and the proof: row, list, verify' },
})
