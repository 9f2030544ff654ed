import { isJsonArray } from '../decode/any-value.ts'
import { held, NO_FIELD, OMITTED } from './act.ts'
import type { Act } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect } from './dialect.ts'
import { readDocument } from './items.ts'

/** A span that holds nothing but what our SDK wrote. The acts are read for every dialect, so there are none here. */
export const holdfastOnly: Dialect = {
  name: 'holdfast',
  recognises: ({ record }) => {
    for (const key of record.attributes.keys()) if (key.startsWith('holdfast.')) return true
    return false
  },
  read: () => ({ acts: [] }),
}

/**
 * What our own SDK adds to any span, whatever dialect the span speaks: documents with content and source, delegations,
 * memory, prompt templates. `replacesDocuments` says that the documents are those of the span's own retrieval, told
 * more fully, so the dialect's reading of them is dropped. `self` is the agent's own name.
 */
export function readHoldfast(
  reader: AttributeReader,
  self: string,
): {
  readonly acts: readonly Act[]
  readonly replacesDocuments: boolean
} {
  const acts: Act[] = []
  const documents = reader.json('holdfast.retrieval.documents')
  if (isJsonArray(documents)) {
    const dataSource = reader.text('holdfast.retrieval.source', 'gen_ai.data_source.id')
    reader.value('gen_ai.retrieval.documents')
    acts.push({
      kind: 'documents',
      query: reader.held(['holdfast.retrieval.query', 'gen_ai.retrieval.query.text']),
      ...(dataSource === undefined ? {} : { dataSource }),
      documents: documents.map(readDocument),
    })
  }
  acts.push(...readDelegation(reader, self))
  const operation = reader.text('holdfast.memory.operation')
  if (operation === 'read' || operation === 'write' || operation === 'delete') {
    const store = reader.text('holdfast.memory.store')
    const record = reader.text('holdfast.memory.record')
    acts.push({
      kind: 'memory',
      operation,
      ...(store === undefined ? {} : { store }),
      ...(record === undefined ? {} : { record }),
      content: reader.held(['holdfast.memory.content'], OMITTED),
    })
  }
  acts.push(...readTemplate(reader))
  return { acts, replacesDocuments: isJsonArray(documents) }
}

/** The giver names whom it gives work to; the receiver only repeats the id, which says that the work came to itself. */
function readDelegation(reader: AttributeReader, self: string): readonly Act[] {
  const to = reader.text('holdfast.delegation.to')
  const delegationId = reader.text('holdfast.delegation.id')
  const from = reader.text('holdfast.delegation.from')
  if (to === undefined && delegationId === undefined) return []
  return [
    {
      kind: 'delegation',
      mechanism: 'declared',
      ...(delegationId === undefined ? {} : { delegationId }),
      ...(from === undefined ? {} : { from }),
      to: to ?? self,
      payload: reader.held(['holdfast.delegation.payload'], to === undefined ? NO_FIELD : OMITTED),
    },
  ]
}

/** A prompt template is text that enters the context, with a version of its own. */
function readTemplate(reader: AttributeReader): readonly Act[] {
  const origin = reader.text('holdfast.prompt.template.id')
  if (origin === undefined) return []
  const version = reader.text('holdfast.prompt.template.version')
  const statedDigest = reader.text('holdfast.prompt.template.digest')
  return [
    {
      kind: 'documents',
      query: NO_FIELD,
      dataSource: 'prompt-template',
      documents: [
        {
          origin,
          ...(version === undefined ? {} : { version }),
          ...(statedDigest === undefined ? {} : { statedDigest }),
          content: held(reader.text('holdfast.prompt.template.text'), NO_FIELD),
        },
      ],
    },
  ]
}
