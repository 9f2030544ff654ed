import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { filesOf, settle, type Settled } from '../../settings/settings.ts'
import { SETTINGS, variableOf, type SettingName } from '../../settings/table.ts'
import type { ConfigExplainFlags, ConfigListFlags } from './command.ts'

/** Lists every setting as it would hold for a server that is started here. */
export function configList(this: CliContext, flags: ConfigListFlags): void {
  const format = formatOf(flags, 'table')
  printList(this, { format, columns: COLUMNS, rows: settle(this, {}) })
  if (format === 'table' || format === 'wide') say(this, `files that are read: ${filesOf(this).map(inert).join(', ')}`)
}

/** Says of one setting who wins. */
export function configExplain(this: CliContext, flags: ConfigExplainFlags, name: SettingName): void {
  const format = formatOf(flags, 'table')
  const found = settle(this, {}).find((one) => one.name === name)
  if (found === undefined) throw new CliError('fault', `no setting ${name}`)
  if (format !== 'table') return printDocument(this, format, found)
  const { value, source, beaten } = found
  this.stdout.write(
    [
      `${name} is ${value === undefined ? 'not set' : `${inert(String(value))}, by ${inert(source)}`}`,
      `  ${SETTINGS[name].brief}`,
      ...beaten.map((one) => `  beaten: ${inert(String(one.value))}, by ${inert(one.source)}`),
      `  said by --${name}, ${variableOf(name)}, or "${name}:" in ${filesOf(this).map(inert).join(', ')}`,
      '',
    ].join('\n'),
  )
}

const COLUMNS: readonly Column<Settled>[] = [
  { title: 'SETTING', value: ({ name }) => name },
  { title: 'VALUE', value: ({ value }) => (value === undefined ? undefined : String(value)) },
  { title: 'BY', value: ({ source }) => source },
  { title: 'BEATEN', value: ({ beaten }) => beaten.map(({ source }) => source).join(', ') || undefined },
]
