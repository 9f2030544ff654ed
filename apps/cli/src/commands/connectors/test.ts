import type { Answer } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { type Api, openApi } from '../../server/api.ts'
import type { ConnectorsTestFlags } from './command.ts'

/** Asks a system, or sends a channel a test notice; ends with a finding where that shows that it does not work. */
export async function connectorsTest(this: CliContext, flags: ConnectorsTestFlags, name: string): Promise<void> {
  const api = openApi(this, flags)
  const { items } = await api.call('listConnectors')
  const system = items.find((one) => one.name === name)
  if (system === undefined) return testChannel(this, api, { flags, name })
  const answer = await api.call('testConnector', { params: { connector: name }, body: {} })
  const format = formatOf(flags, 'table')
  if (format === 'table') this.stdout.write(checksText(answer))
  else printDocument(this, format, answer)
  if (answer.checks.some(({ status }) => status === 'FAIL')) this.exit('check-failed')
}

async function testChannel(
  context: CliContext,
  api: Api,
  { flags, name }: { readonly flags: ConnectorsTestFlags; readonly name: string },
): Promise<void> {
  const tried = await api.call('testChannel', { params: { channel: name }, body: {} })
  const format = formatOf(flags, 'table')
  if (format !== 'table') printDocument(context, format, tried)
  else if (tried.status === 'delivered') say(context, `${inert(name)}: delivered (${inert(tried.detail ?? '')})`)
  if (tried.status === 'delivered') return
  const remedy = 'mend it in connectors.yaml, restart the server, and try again'
  throw new CliError('check-failed', `${inert(name)}: ${inert(tried.detail ?? 'not tried yet')}`, { remedy })
}

function checksText({ checks }: Answer<'testConnector'>): string {
  return checks
    .map(({ status, title, detail, remedy }) => {
      const fix = remedy === undefined ? '' : `      fix: ${inert(remedy)}\n`
      return `${status}  ${inert(title)}: ${inert(detail)}\n${fix}`
    })
    .join('')
}
