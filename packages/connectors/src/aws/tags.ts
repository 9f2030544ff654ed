import { canonicalJson } from '@holdfast/model'

import type { Hold } from '../hold.ts'
import { holdSchema } from '../hold.ts'
import { TAG_CHARACTERS } from './limits.ts'

/** One hold as it stands in the tags of a role or user. */
export type TaggedHold = Hold & {
  readonly id: string
  /** What is held of it: a key of a user, the boundary that was put on a role. */
  readonly on?: string
}

/** How a mark of ours is told from one that somebody else wrote: who may tag a role need not be able to change it. */
export type OwnMarks = {
  /** The same for the same text, and for nobody else to make. */
  readonly seal: (text: string) => string
  /** Whether the step of a plan that is known by this key is on record as in effect: an old mark can be written again. */
  readonly isStanding: (key: string) => boolean
}

/** Whose tags: a mark is good for the role or user alone that it was written for. */
export type Marked = { readonly entity: string; readonly seal: OwnMarks['seal'] }

type Tag = { readonly Key?: string | undefined; readonly Value?: string | undefined }

const HOLD_PREFIX = 'holdfast:hold:'
const BEFORE_PREFIX = 'holdfast:before:'
const ON_PREFIX = 'holdfast:on:'
const SEAL_PREFIX = 'holdfast:seal:'

/**
 * Values of tags know no quotation marks: `incident deed expires key`, and beside it what is held, what was there before, and
 * the seal over all of that.
 */
export function tagsOf(hold: TaggedHold, marked: Marked): readonly Required<Tag>[] | undefined {
  const { id, incident, deed, expires, key, before, on } = hold
  const tags = [
    { Key: `${HOLD_PREFIX}${id}`, Value: [incident, deed, expires, key].join(' ') },
    ...(before === undefined ? [] : [{ Key: `${BEFORE_PREFIX}${id}`, Value: String(before) }]),
    ...(on === undefined ? [] : [{ Key: `${ON_PREFIX}${id}`, Value: on }]),
    { Key: `${SEAL_PREFIX}${id}`, Value: sealOf(hold, marked) },
  ]
  return tags.every(({ Value }) => Value.length <= TAG_CHARACTERS) ? tags : undefined
}

export function tagKeysOf(id: string): string[] {
  return [HOLD_PREFIX, BEFORE_PREFIX, ON_PREFIX, SEAL_PREFIX].map((prefix) => `${prefix}${id}`)
}

/** The holds that stand in tags. Others can write tags too: what we have not sealed, for this very entity, is none. */
export function holdsIn(tags: readonly Tag[], marked: Marked): readonly TaggedHold[] {
  const valueOf = (key: string) => tags.find(({ Key }) => Key === key)?.Value
  return tags.flatMap(({ Key = '', Value = '' }) => {
    if (!Key.startsWith(HOLD_PREFIX)) return []
    const id = Key.slice(HOLD_PREFIX.length)
    const [incident, deed, expires, key] = Value.split(' ')
    const before = valueOf(`${BEFORE_PREFIX}${id}`)
    const on = valueOf(`${ON_PREFIX}${id}`)
    const parsed = holdSchema.safeParse({ incident, deed, expires, key, ...(before === undefined ? {} : { before }) })
    if (!parsed.success) return []
    const hold = { ...parsed.data, id, ...(on === undefined ? {} : { on }) }
    return valueOf(`${SEAL_PREFIX}${id}`) === sealOf(hold, marked) ? [hold] : []
  })
}

function sealOf({ id, incident, deed, expires, key, before, on }: TaggedHold, { entity, seal }: Marked): string {
  const was = before === undefined ? null : String(before)
  return seal(canonicalJson([entity, id, incident, deed, expires, key, was, on ?? null]))
}
