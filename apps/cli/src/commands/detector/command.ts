import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type DetectorTrainFlags = DataFlags & OutputFlags<ReportFormat> & { readonly reason: string }
export type DetectorShowFlags = DataFlags & OutputFlags<ReportFormat>
export type DetectorVersionsFlags = DataFlags & OutputFlags<ListFormat>

const train = buildWritingCommand<DetectorTrainFlags, []>({
  loader: async () => (await import('./run.ts')).detectorTrain,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'whether it was accepted, and what it was learned from'),
      reason: reasonFlag,
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Learn from confirmed incidents; accepted only if it is no worse on kept cases', [
    ['--reason "five incidents of one goal"', 'ends with 1 where the version is refused'],
  ]),
})

const show = buildCommand<DetectorShowFlags, [string?], CliContext>({
  loader: async () => (await import('./run.ts')).detectorShow,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'weights by feature, goals, data card') }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [{ ...textArgument('VERSION', 'A number; the one in force where it is left out'), optional: true }],
    },
  },
  docs: documentation('One version of the detector in readable form', [
    ['', 'the version in force'],
    ['0', 'what ships'],
  ]),
})

const versions = buildCommand<DetectorVersionsFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).detectorVersions,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'versions, the newest first') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Versions of the detector, who learned them and when', [['', 'the first is in force']]),
})

export const detectorCommands = buildRouteMap({
  routes: bare({ train, show, versions }),
  aliases: bare({}),
  docs: { brief: 'The detector: learn from confirmed incidents, look at its weights' },
})
