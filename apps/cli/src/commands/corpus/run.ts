import { ours } from '../../called-as.ts'
import type { Answer } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import type { Column } from '../../render/table.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { DecideFlags, ShowFlags } from './command.ts'

type Listed = Answer<'listQuarantine'>
type Row = Listed['items'][number]

/** Prints what contexts are kept from. */
export async function corpusShow(this: CliContext, flags: ShowFlags, id?: string): Promise<void> {
  const listed = await openApi(this, flags).call('listQuarantine')
  print(this, flags, id === undefined ? listed.items : listed.items.filter(({ item }) => item.id === id))
}

/** Keeps an item out. */
export async function corpusQuarantine(this: CliContext, flags: DecideFlags, id: string): Promise<void> {
  await decide(this, flags, { do: 'quarantine', id })
}

/** Lets an item in again. */
export async function corpusRelease(this: CliContext, flags: DecideFlags, id: string): Promise<void> {
  await decide(this, flags, { do: 'release', id })
}

async function decide(
  context: CliContext,
  flags: DecideFlags,
  { do: what, id }: { readonly do: 'quarantine' | 'release'; readonly id: string },
): Promise<void> {
  const { kind, source, version, digest, reason } = flags
  const api = openApi(context, flags)
  const incident = flags.incident === undefined ? undefined : await resolveIncident(api, flags.incident)
  const listed = await api.call('quarantineItem', {
    body: {
      do: what,
      item: {
        kind,
        source,
        id,
        ...(version === undefined ? {} : { version }),
        ...(digest === undefined ? {} : { digest }),
      },
      ...(incident === undefined ? {} : { incident }),
      reason,
    },
  })
  print(context, flags, listed.items)
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ITEM', value: ({ item }) => item.id },
  { title: 'VERSION', value: ({ item }) => item.version ?? 'any' },
  { title: 'KIND', value: ({ item }) => item.kind },
  { title: 'SOURCE', value: ({ item }) => item.source },
  { title: 'INCIDENT', value: ({ incident }) => incident ?? '' },
  { title: 'BY', value: ({ by }) => by },
  { title: 'REASON', value: ({ reason }) => reason },
  { title: 'COPIES', value: ({ copies }) => copies.map((entry) => `#${entry}`).join(' '), isWide: true },
  { title: 'DIGEST', value: ({ item }) => item.digest ?? '', isWide: true },
]

function print(context: CliContext, flags: ShowFlags, rows: readonly Row[]): void {
  printList(context, { format: formatOf(flags, 'table'), columns: COLUMNS, rows })
  if (rows.length === 0) say(context, ours`contexts are kept from nothing of that: holdfast corpus quarantine`)
}
