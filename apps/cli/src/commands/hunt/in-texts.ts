import { ours, type OwnWords } from '../../called-as.ts'
import type { Query } from '@holdfast/api'
import { asTextQuery, counted, parseHuntQuery, printHuntQuery, shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import { inert } from '../../render/inert.ts'
import type { Api } from '../../server/api.ts'

/**
 * Where no name holds the words of a question: how many events have them in their captured texts, and the command that lists
 * those. Undefined where it has no word. Counting reads the texts, so it is on record like any other look into them; who may
 * not read them is told the command alone.
 */
export async function inTextsWords(
  api: Pick<Api, 'call'>,
  asked: Pick<Query<'hunt'>, 'q' | 'from' | 'to' | 'clock'>,
): Promise<OwnWords | undefined> {
  const parsed = parseHuntQuery(asked.q ?? '')
  const query = parsed.status === 'ok' ? asTextQuery(parsed.query) : undefined
  if (query === undefined) return undefined
  const q = printHuntQuery(query)
  const flags = (['from', 'to', 'clock'] as const)
    .filter((name) => asked[name] !== undefined)
    .map((name) => `--${name} ${inert(shellWord(asked[name] ?? ''))} `)
  const command = ours`holdfast hunt ${flags.join('')}${inert(shellWord(q))}`
  const answer = await api
    .call('huntFacets', { query: { ...asked, q, fields: 'kind', top: 1 } })
    .catch((fault: unknown) => {
      if (fault instanceof CliError && fault.code === 'denied') return undefined
      throw fault
    })
  if (answer === undefined) return ours`no name holds that; who may read captured texts may look there: ${command}`
  const older = answer.nextCursor === undefined ? '' : ' of the newest'
  return ours`no name holds that; captured texts of ${counted(answer.matched, 'event')}${older} do: ${command}`
}
