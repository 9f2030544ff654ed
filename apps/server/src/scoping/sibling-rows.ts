import type { ScopedItem } from '@holdfast/respond'
import { ownConversation, traceKeyOf } from '../views/keys.ts'
import type { AuditSources, SiblingRow } from './audit-answer.ts'
import { AUDIT_ROWS, EXECUTIONS_SHOWN, PROOFS_SHOWN } from './limits.ts'
import type { Material } from './material.ts'

/**
 * Tainted documents and memory records, and what else has the same origin: the same writer where one is known, else the same
 * corpus or store. A row for each version: that one of them is harmless says nothing of another.
 */
export function siblingRows(
  material: Material,
  items: readonly ScopedItem[],
  sources: AuditSources,
): readonly SiblingRow[] {
  const tainted = items.filter(({ isTainted, kind }) => isTainted && (kind === 'document' || kind === 'memory'))
  const rows = new Map<string, SiblingRow>()
  const digests = new Map<string, Set<string>>()
  const recalls = Map.groupBy(
    material.events.filter(({ body }) => body.kind === 'memory' && body.operation === 'read'),
    ({ body }) => (body.kind === 'memory' ? (body.record ?? '') : ''),
  )
  // Which execution recalled a record is known of those of the incident.
  const recallsOf = (record: string): { readonly conversations: readonly string[]; readonly total: number } => {
    const names = (recalls.get(record) ?? []).map(
      (event) => event.context.conversation ?? ownConversation(traceKeyOf(event)),
    )
    const conversations = [...new Set<string>(names)]
    return { conversations, total: conversations.length }
  }
  const add = (
    row: Pick<SiblingRow, 'kind' | 'source' | 'id' | 'isTainted' | 'because'> & {
      readonly version?: string | undefined
      readonly writer?: string | undefined
    },
    { entry, digest }: { readonly entry: number | undefined; readonly digest?: string | undefined },
  ): void => {
    const of = `${row.kind} ${row.source} ${row.id}`
    const key = row.version === undefined ? of : `${of}@${row.version}`
    const before = rows.get(key)
    // Tainted items come first: the text of one is not that of what is harmless.
    if (digest !== undefined && (before === undefined || before.isTainted === row.isTainted))
      digests.set(key, (digests.get(key) ?? new Set()).add(digest))
    if (before !== undefined) {
      if (entry !== undefined && before.copies.length < PROOFS_SHOWN && !before.copies.includes(entry))
        before.copies.push(entry)
      return
    }
    const { conversations, total } = row.kind === 'memory' ? recallsOf(row.id) : sources.executionsOf(row.id)
    const { writer, version, ...rest } = row
    rows.set(key, {
      key,
      ...rest,
      ...(version === undefined ? {} : { version }),
      ...(writer === undefined ? {} : { writer }),
      executions: conversations.slice(0, EXECUTIONS_SHOWN),
      executionsTotal: total,
      copies: entry === undefined ? [] : [entry],
    })
  }
  const corpora = new Set(tainted.map(({ kind, source }) => `${kind}\n${source}`))
  const writers = new Set(tainted.flatMap(({ writer }) => writer ?? []))
  const belongs = (kind: string, source: string, writer: string | undefined): string | undefined => {
    if (writer !== undefined && writers.has(writer)) return `written by ${writer} as well`
    if (!corpora.has(`${kind}\n${source}`)) return undefined
    return writers.size === 0 || writer === undefined ? `of ${source}, and nobody knows who wrote it` : undefined
  }
  const entriesOf = new Map<string, number>()
  for (const { entry, body } of material.events) {
    const id =
      body.kind === 'context-item' ? (body.origin ?? body.uri) : body.kind === 'memory' ? body.record : undefined
    const version = body.kind === 'context-item' ? body.version : undefined
    const key = JSON.stringify([id, version])
    if (id !== undefined && !entriesOf.has(key)) entriesOf.set(key, entry)
  }
  const documents = new Set(items.flatMap(({ kind, source, id }) => (kind === 'document' ? [`${source}\n${id}`] : [])))
  for (const { kind, source, id, version, digest, writer, isTainted } of items) {
    if (kind !== 'document' && kind !== 'memory') continue
    // The write of a document into its index is no item beside it.
    if (kind === 'memory' && documents.has(`${source}\n${id}`)) continue
    const because = isTainted ? 'an origin of the incident' : belongs(kind, source, writer)
    if (because !== undefined)
      add(
        { kind, source, id, version, isTainted, because, writer },
        { entry: entriesOf.get(JSON.stringify([id, version])), digest },
      )
  }
  if (tainted.some(({ kind }) => kind === 'document'))
    for (const agent of new Set(tainted.map((item) => item.agent)))
      for (const { origin, entry, event } of sources.retrievedBy(agent)) {
        if (rows.size > 2 * AUDIT_ROWS) break
        const body = material.texts.eventsOf(entry).find(({ id }) => id === event)?.body
        if (body?.kind !== 'context-item') continue
        const source = body.dataSource ?? '-'
        const writer = sources.writerOf(origin)
        const because = belongs('document', source, writer)
        if (because !== undefined)
          add(
            { kind: 'document', source, id: origin, version: body.version, isTainted: false, because, writer },
            { entry },
          )
      }
  const told = [...rows.values()].map((row) => {
    const [digest, another] = digests.get(row.key) ?? []
    return digest === undefined || another !== undefined ? row : { ...row, digest }
  })
  return told.toSorted((a, b) => Number(b.isTainted) - Number(a.isTainted) || compare(a.key, b.key))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
