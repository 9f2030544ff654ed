import type { Content, Event, EventBody, EventKind } from '@holdfast/model'
import { MAX_FIELD_CHARS, MAX_FIELD_VALUES } from './limits.ts'

export type FieldValue = string | number | boolean

/** One name of the flat view of an event, as rules use it. */
export type Field = {
  /** Kinds of events that can have it; undefined: all. */
  readonly kinds?: readonly EventKind[]
  readonly type: 'text' | 'number' | 'flag'
  /** May hold several values; a selection is met where one of them is. */
  readonly isMany?: true
  readonly says: string
  readonly read: (event: Event) => readonly FieldValue[]
}

type BodyOf<K extends EventKind> = Extract<EventBody, { readonly kind: K }>
type Read = FieldValue | readonly FieldValue[] | undefined

/** A field of bodies of these kinds. */
export function field<K extends EventKind>(
  kinds: readonly K[],
  type: Field['type'],
  says: string,
  read: (body: BodyOf<K>) => Read,
): Field {
  const known: ReadonlySet<string> = new Set(kinds)
  return {
    kinds,
    type,
    says,
    // The kind is one of `kinds`, which are all kinds of BodyOf<K>.
    read: ({ body }) => (known.has(body.kind) ? listed(read(body as BodyOf<K>)) : []),
  }
}

/** A field that every event may have. */
export function common(type: Field['type'], says: string, read: (event: Event) => Read): Field {
  return { type, says, read: (event) => listed(read(event)) }
}

export function many(one: Field): Field {
  return { ...one, isMany: true }
}

/** The text that was captured; none where it was not. Captured text: untrusted. */
export function textOf(content: Content): string | undefined {
  return 'text' in content ? content.text.slice(0, MAX_FIELD_CHARS) : undefined
}

function listed(value: Read): readonly FieldValue[] {
  if (value === undefined) return []
  return isList(value) ? value.slice(0, MAX_FIELD_VALUES) : [value]
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value)
}
