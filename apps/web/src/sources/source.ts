import type { HuntRowWire } from '@holdfast/api'
import { type HuntField, type HuntTerm, printHuntQuery } from '@holdfast/model'

/** Something whose text an agent reads: a document or memory record by its id, a tool by its name. */
export type Source = { readonly kind: 'document' | 'tool'; readonly name: string }

/** One execution that read it. */
export type Reader = {
  /** Undefined where the source of the record named no execution. */
  readonly conversation: string | undefined
  readonly agent: string
  readonly agentName: string
  readonly events: number
  /** Decimal nanoseconds, as claimed. */
  readonly first: string
  readonly last: string
  /** The last of these events that holds its text. */
  readonly event: string
}

const READ: Readonly<Record<Source['kind'], readonly string[]>> = {
  document: ['context-item', 'memory.read'],
  tool: ['tool-definition', 'tool-call'],
}
const CHANGED: Readonly<Record<Source['kind'], readonly string[]>> = {
  document: ['change', 'memory.write', 'memory.delete'],
  tool: ['change'],
}

/** What asks the hunt for whoever read it. */
export function readsOf({ kind, name }: Source): string {
  return printHuntQuery([term(kind, name), ...READ[kind].map((one) => term('kind', one))])
}

/** What asks for records of changes of its text; the subject of a change is a sentence that names it. */
export function changesOf({ kind, name }: Source): string {
  return printHuntQuery([term('document', `*${name}*`), ...CHANGED[kind].map((one) => term('kind', one))])
}

/** What asks for everything that one server, data source or store gave. */
export function fromOf(server: string): string {
  return printHuntQuery([term('server', server)])
}

/** Events by the execution that they are of, the latest first. */
export function readersOf(rows: readonly HuntRowWire[]): readonly Reader[] {
  return [...Map.groupBy(rows, ({ values, id }) => values['conversation'] ?? `\n${id}`).values()]
    .flatMap((events): readonly Reader[] => {
      const inOrder = events.toSorted((a, b) => compare(a.claimedAt, b.claimedAt))
      const [first, last] = [inOrder[0], inOrder.at(-1)]
      if (first === undefined || last === undefined) return []
      // A call of a tool says what it was asked; its definition says what the model was told.
      const told = inOrder.findLast(({ values }) => values['kind'] !== 'tool-call') ?? last
      const { conversation, agent = '' } = first.values
      const { agentName, claimedAt } = first
      return [
        {
          conversation,
          agent,
          agentName,
          events: events.length,
          first: claimedAt,
          last: last.claimedAt,
          event: told.id,
        },
      ]
    })
    .toSorted((a, b) => compare(b.last, a.last))
}

function term(field: HuntField, value: string): HuntTerm {
  return { kind: 'field', field, value, isExcluded: false }
}

/** Decimal nanoseconds: the longer is the later. */
function compare(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
