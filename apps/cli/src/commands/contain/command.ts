import { buildCommand, buildRouteMap } from '@stricli/core'
import { RUNGS, type Allowed, type Rung } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag, yesFlag } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'
import { approverRole, type ApproveFlags } from '../incidents/approver-role.ts'
import { parseAllow, parseDuration } from './parse.ts'

const target = idArgument('agent', 'TARGET', 'Agent id, agent name, run or incident')
const report = { ...dataFlag, ...outputFlags(REPORT_FORMATS, 'the containment with its checks') }
const rungFlags = {
  rung: { kind: 'enum', values: RUNGS, brief: 'How hard it is stopped' },
  reason: reasonFlag,
  ttl: {
    kind: 'parsed',
    parse: parseDuration,
    default: '30m',
    brief: 'Ends by itself after this; 0 never does',
    placeholder: '30m',
  },
  allow: {
    kind: 'parsed',
    parse: parseAllow,
    variadic: true,
    optional: true,
    brief: 'Address or name that it may still reach, repeatable; /udp for UDP, a prefix for a network',
    placeholder: 'HOST:PORT',
  },
} as const

type ReportFlags = DataFlags & OutputFlags<ReportFormat>
export type RungFlags = ReportFlags & {
  readonly rung: Rung
  readonly reason: string
  /** Milliseconds. */
  readonly ttl: number
  readonly allow?: readonly Allowed[]
}
export type ApplyFlags = RungFlags & { readonly yes: boolean }
export type ReleaseFlags = ReportFlags & {
  readonly reason?: string
  readonly yes: boolean
  readonly local: boolean
  readonly all: boolean
}
export type HistoryFlags = DataFlags & OutputFlags<ListFormat>

const plan = buildWritingCommand<RungFlags, [string]>({
  loader: async () => (await import('./run.ts')).containPlan,
  parameters: {
    flags: bare({ ...report, ...rungFlags }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [target] },
  },
  docs: documentation('What would be done, on which evidence; nothing is', [
    ['builder --rung soft-quarantine --reason "odd egress"', 'the plan, its hash and what stands in its way'],
  ]),
})

const apply = buildWritingCommand<ApplyFlags, [string]>({
  loader: async () => (await import('./run.ts')).containApply,
  parameters: {
    flags: bare({ ...report, ...rungFlags, yes: yesFlag }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [target] },
  },
  docs: documentation('Hold an agent, and wait for the probe that says whether it holds', [
    ['builder --rung soft-quarantine --reason "odd egress" --yes', 'cut off; the process lives and is recorded'],
    ['builder --rung restrict --allow 10.0.0.7:443 --reason drill --yes', 'only what is listed can be reached'],
    ['inc-4bf92f3577b34da6 --rung soft-quarantine --reason "refunds" --yes', 'who acted in it, and what goes with it'],
  ]),
})

const confirm = buildWritingCommand<ReportFlags, [string]>({
  loader: async () => (await import('./run.ts')).containConfirm,
  parameters: {
    flags: bare(report),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [target] },
  },
  docs: documentation('Try again whether a containment holds', [['builder', 'every probe, once more']]),
})

const release = buildWritingCommand<ReleaseFlags, [string?]>({
  loader: async () => (await import('./run.ts')).containRelease,
  parameters: {
    flags: bare({
      ...report,
      reason: { kind: 'parsed', parse: String, optional: true, brief: 'Why; it is recorded', placeholder: 'TEXT' },
      yes: yesFlag,
      local: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'As root on the host itself, without a server: the cgroup id, or every hold and pause there is',
      },
      all: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Everything that this server has in force, wherever: before it goes for good',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [{ ...target, optional: true }] },
  },
  docs: documentation('End a containment', [
    ['builder --reason "false alarm" --yes', 'as it was before'],
    ['--local --yes', 'every hold and pause of this host, when the server is dead'],
    ['--all --reason "uninstalling" --yes', 'ends with 1 where one could not be ended'],
  ]),
})

const history = buildCommand<HistoryFlags, [string?], CliContext>({
  loader: async () => (await import('./run.ts')).containHistory,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'containments, the newest first') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [{ ...target, optional: true }] },
  },
  docs: documentation('Containments, each as its last step left it', [['builder', 'those of one agent']]),
})

const approve = buildWritingCommand<ApproveFlags, [string]>({
  loader: async () => (await import('../incidents/response.ts')).incidentsApprove,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'the plan with its steps'), role: approverRole }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [idArgument('incident', 'TARGET', 'Incident, or the hash of a plan or its beginning')],
    },
  },
  docs: documentation(
    'Say yes to the plan of an incident, by its hash',
    [
      ['inc-4bf92f3577b34da6', 'the newest plan that waits, in each role that you have'],
      ['9c4a6197e1c3 --role compliance', 'one plan, in one role'],
    ],
    'The same as incidents approve. A hold of one agent waits for nobody: contain apply asks for --yes.',
  ),
})

export const containCommands = buildRouteMap<
  'plan' | 'approve' | 'apply' | 'confirm' | 'release' | 'history',
  CliContext
>({
  routes: bare({ plan, approve, apply, confirm, release, history }),
  aliases: bare({}),
  docs: { brief: 'Hold an agent: restrict, quarantine, pause, stop, kill' },
})
