import { buildCommand } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag, yesFlag } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'
import { approverRole, type ApproveFlags } from './approver-role.ts'

export type PlanActFlags = DataFlags & OutputFlags<ReportFormat>
export type PlansFlags = DataFlags & OutputFlags<ListFormat>
/** Without a reason, `--yes` is what stands on record where a plan asks for words. */
export type ApplyPlanFlags = PlanActFlags & { readonly yes: boolean; readonly reason?: string }
export type ReleasePlanFlags = PlanActFlags & { readonly yes: boolean } & {
  readonly reason: string
  readonly step?: readonly string[]
}
export type OverrideFlags = PlanActFlags & { readonly reason: string }

const flags = { ...dataFlag, ...outputFlags(REPORT_FORMATS, 'the plan with its steps') }
const step = {
  kind: 'parsed',
  parse: String,
  brief: 'A step of the plan; all that is in effect unless told',
  placeholder: 'STEP',
  variadic: true,
  optional: true,
} as const
const positional = {
  kind: 'tuple',
  parameters: [idArgument('incident', 'ID', 'Incident, or the hash of a plan or its beginning')],
} as const
const aliases = bare({ o: 'output' } as const)

export const plansCommand = buildCommand<PlansFlags, [string], CliContext>({
  loader: async () => (await import('./response.ts')).incidentsPlans,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'plans, the newest first') }),
    aliases,
    positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
  },
  docs: documentation('Plans of an incident: what was asked for, applied, confirmed, failed and released', [
    ['inc-4bf92f3577b34da6', 'one line a plan'],
    ["inc-4bf9 --json | jq '.[0].steps'", 'the steps of the newest with what their probes found'],
  ]),
})

export const approveCommand = buildWritingCommand<ApproveFlags, [string]>({
  loader: async () => (await import('./response.ts')).incidentsApprove,
  parameters: {
    flags: bare({
      ...flags,
      role: approverRole,
    }),
    aliases,
    positional,
  },
  docs: documentation('Say yes to a plan, by its hash: any other plan is another one', [
    ['inc-4bf92f3577b34da6', 'the newest plan that waits, in each role that you have'],
    ['9c4a6197e1c3 --role compliance', 'one plan, in one role'],
  ]),
})

export const applyCommand = buildWritingCommand<ApplyPlanFlags, [string]>({
  loader: async () => (await import('./response.ts')).incidentsApply,
  parameters: {
    flags: bare({ ...flags, reason: { ...reasonFlag, optional: true }, yes: yesFlag }),
    aliases,
    positional,
  },
  docs: documentation('Carry an approved plan out, and wait for the probes that say whether it is in effect', [
    ['inc-4bf92f3577b34da6 --yes', 'the newest plan that waits; what stands against it is named, and ends with 6'],
  ]),
})

export const releaseCommand = buildWritingCommand<ReleasePlanFlags, [string]>({
  loader: async () => (await import('./response.ts')).incidentsRelease,
  parameters: { flags: bare({ ...flags, reason: reasonFlag, step, yes: yesFlag }), aliases, positional },
  docs: documentation('Take back what a plan did, or what all plans of an incident did', [
    ['inc-4bf92f3577b34da6 --reason "it is clean" --yes', 'whatever of it is in effect'],
    ['9c4a6197e1c3 --step rung --reason "it is clean" --yes', 'the hold of the workload; what was cut stays cut'],
  ]),
})

export const overrideCommand = buildWritingCommand<OverrideFlags, [string]>({
  loader: async () => (await import('./response.ts')).incidentsOverride,
  parameters: { flags: bare({ ...flags, reason: reasonFlag }), aliases, positional },
  docs: documentation('Sign that a kill may lose evidence that is not complete; it takes two people', [
    ['9c4a6197e1c3 --reason "it encrypts the shared volume"', 'one of two signatures'],
  ]),
})
