import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, outputFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { SETTING_NAMES, type SettingName } from '../../settings/table.ts'
import { documentation } from '../documentation.ts'

export type ConfigListFlags = OutputFlags<ListFormat>
export type ConfigExplainFlags = OutputFlags<ReportFormat>

const list = buildCommand<ConfigListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).configList,
  parameters: {
    flags: bare({ ...outputFlags(LIST_FORMATS, 'settings with value, source and what is beaten') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation(
    'What holdfast up would run with here, and who says so',
    [
      ['', 'every setting, its value and its source'],
      ['-o json', 'for scripts'],
    ],
    'A flag beats the environment, that holdfast.yaml here or above, that ~/.config/holdfast/config.yaml, that /etc/holdfast/config.yaml.',
  ),
})

const explain = buildCommand<ConfigExplainFlags, [SettingName], CliContext>({
  loader: async () => (await import('./run.ts')).configExplain,
  parameters: {
    flags: bare({ ...outputFlags(REPORT_FORMATS, 'the setting with value, source and what is beaten') }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: parseName,
          brief: 'Name of a setting',
          placeholder: 'KEY',
          proposeCompletions: (partial: string) => SETTING_NAMES.filter((name) => name.startsWith(partial)),
        },
      ],
    },
  },
  docs: documentation('One setting: what it is for, which source wins, and which are beaten', [
    ['http-port', 'where a port comes from'],
  ]),
})

export const configCommands = buildRouteMap<'list' | 'explain', CliContext>({
  routes: bare({ list, explain }),
  aliases: bare({}),
  docs: { brief: 'What the server would run with, and who says so' },
})

function parseName(text: string): SettingName {
  const name = SETTING_NAMES.find((known) => known === text)
  if (name === undefined) throw new SyntaxError(`a setting is one of ${SETTING_NAMES.join(', ')}`)
  return name
}
