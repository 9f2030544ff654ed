import type { SearchHit } from '@holdfast/api'
import { printHuntQuery, shellWord } from '@holdfast/model'
import { ours } from '../../called-as.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { inTextsWords } from '../hunt/in-texts.ts'
import type { SearchFlags } from './command.ts'

/** Looks an id or a name up, and says how the whole of the events is searched where nothing has it. */
export async function search(this: CliContext, flags: SearchFlags, text: string): Promise<void> {
  const api = openApi(this, flags)
  const { items, understood } = await api.call('search', { query: { q: text } })
  printList(this, { format: formatOf(flags, 'table'), columns, rows: items, document: { items, understood } })
  const word = printHuntQuery([{ kind: 'name', value: text.trim() === '' ? text : text.trim(), isExcluded: false }])
  const told =
    items.length === 0
      ? 'nothing recorded has that id or name: ids must be whole, of a plan twelve digits; of a name its start or words are enough'
      : `${items.length} found, understood as ${understood}`
  say(this, ours`${told}. In all events: holdfast hunt ${shellWord(inert(word))}`)
  if (items.length > 0 || formatOf(flags, 'table') !== 'table') return
  const inTexts = await inTextsWords(api, { q: word })
  if (inTexts !== undefined) say(this, inTexts)
}

const columns: readonly Column<SearchHit>[] = [
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'NAME', value: ({ label }) => label },
  { title: 'ID', value: ({ id }) => id },
  { title: 'PATH', value: ({ href }) => href, isWide: true },
]
