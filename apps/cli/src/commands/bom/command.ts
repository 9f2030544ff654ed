import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

const agent = idArgument('agent', 'AGENT', 'Agent id or name, or the start of one')
const time = (brief: string) => ({ kind: 'parsed', parse: String, optional: true, brief, placeholder: 'T' }) as const
const knownAt = time('As the log held it at T')

export type ShowFlags = DataFlags & OutputFlags<ListFormat> & { readonly at?: string; readonly knownAt?: string }
const CHANGES = ['any', 'added', 'removed', 'changed', 'came-and-went', 'declared', 'undeclared'] as const
export type DiffFlags = DataFlags &
  OutputFlags<ListFormat | 'sarif'> & {
    readonly from: string
    readonly to?: string
    readonly knownAt?: string
    readonly failOn?: readonly (typeof CHANGES)[number][]
  }
export type ExportFlags = DataFlags & {
  readonly format: 'cyclonedx'
  readonly out?: string
  readonly force: boolean
  readonly at?: string
  readonly knownAt?: string
}
export type FindingsFlags = DataFlags & OutputFlags<ListFormat>

const show = buildCommand<ShowFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).bomShow,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the inventory with its categories, documents and findings'),
      at: time('As it had happened by T: RFC 3339, or 10m, 2h, 3d ago'),
      knownAt,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('What an agent is made of, at any instant', [
    ['support-desk', 'now: each part declared, loaded and called'],
    ['support-desk --at 2026-11-17T14:32:00Z', 'at 14:32 on that day'],
    ['support-desk --json', 'for scripts, with log positions'],
  ]),
})

const diff = buildCommand<DiffFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).bomDiff,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags([...LIST_FORMATS, 'sarif'] as const, 'the changes with when, proof and who'),
      from: { kind: 'parsed', parse: String, brief: 'The earlier instant', placeholder: 'T' },
      to: time('The later instant; now unless told'),
      knownAt,
      failOn: {
        kind: 'enum',
        values: CHANGES,
        variadic: ',',
        optional: true,
        brief: 'End with 1 where something changed so, for a check of a pipeline',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('What changed between two instants', [
    ['support-desk --from 7d', 'since a week ago'],
    ['support-desk --from 2026-11-17T14:32:00Z --to 2026-11-18T00:00:00Z', 'in between'],
    ['support-desk --from 1d --fail-on added,changed -o sarif > bom.sarif', 'in a pipeline: 1 where something is new'],
  ]),
})

const exportBom = buildCommand<ExportFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).bomExport,
  parameters: {
    flags: bare({
      ...dataFlag,
      format: { kind: 'enum', values: ['cyclonedx'], default: 'cyclonedx', brief: 'CycloneDX 1.7 JSON' },
      force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace a file that exists' },
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'File to write; standard output unless told',
        placeholder: 'PATH',
      },
      at: time('As it had happened by T'),
      knownAt,
    }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('The AI-BOM for other tools', [
    ['support-desk --format cyclonedx > bom.cdx.json', 'CycloneDX 1.7'],
    ['support-desk --at 7d --out bom.cdx.json', 'of a week ago'],
  ]),
})

const findings = buildCommand<FindingsFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).bomFindings,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'findings with their proof') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'array', parameter: agent, maximum: 1 },
  },
  docs: documentation('Where what is declared and what runs differ', [
    ['', 'of all agents'],
    ['support-desk', 'of one'],
  ]),
})

const identities = buildCommand<FindingsFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).bomIdentities,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'non-human identities and who uses them') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Non-human identities, and the agents that use them', [['', 'all that were seen']]),
})

export type PinFlags = DataFlags & OutputFlags<ListFormat> & { readonly server?: string; readonly reason: string }

const pin = buildWritingCommand<PinFlags, [string]>({
  loader: async () => (await import('./roster.ts')).bomPin,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'what was approved, with log positions'),
      server: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Of this server alone',
        placeholder: 'SERVER',
      },
      reason: reasonFlag,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Approve the tool definitions that an agent is offered now', [
    ['support-desk --reason CHG-118', 'of all its servers'],
    ['support-desk --server tickets --reason CHG-118', 'of one'],
  ]),
})

const pins = buildCommand<FindingsFlags, [string], CliContext>({
  loader: async () => (await import('./roster.ts')).bomPins,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'definitions against their approval, with both texts') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Verify tool definitions against what was approved; ends with 1 where one differs', [
    ['support-desk', 'approved, changed, unapproved, not offered'],
  ]),
})

const risks = buildCommand<FindingsFlags, string[], CliContext>({
  loader: async () => (await import('./roster.ts')).bomRisks,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'the register with the evidence of each control') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'array', parameter: agent, maximum: 1 },
  },
  docs: documentation('Risk register: identities, data, tools and models, and what controls them', [
    ['', 'of all agents'],
    ['support-desk -o csv', 'of one, for a spreadsheet'],
  ]),
})

export const bomCommands = buildRouteMap({
  routes: bare({ show, diff, export: exportBom, findings, identities, pin, pins, risks }),
  aliases: bare({}),
  docs: { brief: 'What agents are made of: inventory, changes, export, findings, approvals, risks' },
})
