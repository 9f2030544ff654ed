import { buildCommand, buildRouteMap } from '@stricli/core'
import { AGENT_CLASSES, type AgentClass } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument, textArgument } from '../documentation.ts'

const agent = idArgument('agent', 'AGENT', 'Name of the agent, or its id')
const file = textArgument('FILE', 'Roster document; - for standard input')
const text = (brief: string, placeholder: string) => ({ kind: 'parsed', parse: String, brief, placeholder }) as const
const reason = text('Why; it is recorded', 'TEXT')
const listed = (brief: string) =>
  ({ kind: 'parsed', parse: String, variadic: ',', optional: true, brief, placeholder: 'A,B' }) as const

/** Of a command that decides something. */
const decided = { ...dataFlag, ...outputFlags(REPORT_FORMATS, 'the log entry that it is recorded as') }

export type AddFlags = ReasonFlags & {
  readonly owner: string
  readonly version: string
  readonly key?: string
  readonly newKey?: string
  readonly peers?: readonly string[]
  readonly class: AgentClass
  readonly dataClasses?: readonly string[]
}
export type ReasonFlags = DataFlags & OutputFlags<ReportFormat> & { readonly reason: string }
export type PinFlags = ReasonFlags & { readonly version: string }
export type ShowFlags = DataFlags & OutputFlags<ListFormat>
export type ExportFlags = DataFlags & { readonly out?: string }
export type ImportFlags = ReasonFlags & { readonly key: string }
export type VerifyFlags = OutputFlags<ReportFormat> & { readonly key: string }

const show = buildCommand<ShowFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).rosterShow,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the roster with approved tools and who was not admitted'),
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Agents that may run, as somebody decided', [
    ['', 'agents, versions, owners and whether it is closed'],
  ]),
})

const add = buildWritingCommand<AddFlags, [string]>({
  loader: async () => (await import('./run.ts')).rosterAdd,
  parameters: {
    flags: bare({
      ...decided,
      owner: text('Who answers for it', 'NAME'),
      version: text('The one version that may run', 'V'),
      key: {
        ...text('Its Ed25519 public key: base64 of 32 bytes, or a PEM file', 'KEY'),
        optional: true,
      },
      newKey: { ...text('Make a key and write its private half here', 'FILE'), optional: true },
      peers: listed('Agents that it may hand work to'),
      class: { kind: 'enum', values: AGENT_CLASSES, brief: 'What it does' },
      dataClasses: listed('Classes of data that it may see'),
      reason,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Register an agent, or register it anew', [
    [
      'desk --owner support --version 1.4.0 --class support --new-key desk.key --reason "first release"',
      'with a key of its own',
    ],
  ]),
})

const pin = buildWritingCommand<PinFlags, [string]>({
  loader: async () => (await import('./run.ts')).rosterPin,
  parameters: {
    flags: bare({ ...decided, version: text('The one version that may run from now on', 'V'), reason }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Move the version of an agent', [
    ['desk --version 1.5.0 --reason CHG-201', 'every other version is refused'],
  ]),
})

const retire = buildWritingCommand<ReasonFlags, [string]>({
  loader: async () => (await import('./run.ts')).rosterRetire,
  parameters: {
    flags: bare({ ...decided, reason }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Retire an agent: it does not start again under its name', [['desk --reason "replaced"', '']]),
})

const close = buildWritingCommand<ReasonFlags, []>({
  loader: async () => (await import('./run.ts')).rosterClose,
  parameters: { flags: bare({ ...decided, reason }), aliases: bare({ o: 'output' }) },
  docs: documentation('Refuse agents that the roster does not admit', [
    ['--reason "all are registered"', 'run and mcp refuse'],
  ]),
})

const open = buildWritingCommand<ReasonFlags, []>({
  loader: async () => (await import('./run.ts')).rosterOpen,
  parameters: { flags: bare({ ...decided, reason }), aliases: bare({ o: 'output' }) },
  docs: documentation('Let agents pass that the roster does not admit, and report them', [
    ['--reason "moving hosts"', ''],
  ]),
})

const data = buildWritingCommand<ReasonFlags, [string]>({
  loader: async () => (await import('./data.ts')).rosterData,
  parameters: {
    flags: bare({ ...decided, reason }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [textArgument('FILE', 'Rules in YAML (docs/data-rules.md); - for standard input')],
    },
  },
  docs: documentation('Decide where models may read which data, and how long it may be remembered', [
    ['data-rules.yaml --reason "residency of EU customers"', 'read whole, or refused with the line'],
  ]),
})

const exportRoster = buildCommand<ExportFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).rosterExport,
  parameters: {
    flags: bare({
      ...dataFlag,
      out: { ...text('File to write; standard output unless told', 'FILE'), optional: true },
    }),
  },
  docs: documentation('The roster with approved tools, signed by the key of the log', [
    ['--out roster.note', 'a C2SP note'],
  ]),
})

const importRoster = buildWritingCommand<ImportFlags, [string]>({
  loader: async () => (await import('./run.ts')).rosterImport,
  parameters: {
    flags: bare({ ...decided, key: text('Verifier key of the log that signed it, or a file with it', 'KEY'), reason }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [file] },
  },
  docs: documentation('Take over the roster of another server', [
    ['roster.note --key prod.key --reason "second site"', ''],
  ]),
})

const verify = buildCommand<VerifyFlags, [string], CliContext>({
  loader: async () => (await import('./verify.ts')).rosterVerify,
  parameters: {
    flags: bare({
      ...outputFlags(REPORT_FORMATS, 'what the document holds, once it is intact'),
      key: text('Verifier key of the log, or a file with it', 'KEY'),
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [file] },
  },
  docs: documentation('Check a roster document; asks no server', [
    ['roster.note --key prod.key', 'ends with 1 where it is not intact'],
  ]),
})

export const rosterCommands = buildRouteMap({
  routes: bare({ show, add, pin, retire, close, open, data, export: exportRoster, import: importRoster, verify }),
  aliases: bare({}),
  docs: { brief: 'Which agents may run: register, pin, retire, sign' },
})
